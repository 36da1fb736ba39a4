#include "metrics/metrics.hpp"

#include <absl/strings/ascii.h>
#include <prometheus/collectable.h>
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <set>

#include "core/concat.hpp"

namespace tilts::metrics {
namespace {

constexpr std::size_t kMostSeries = 2'000;

using LabelMap = std::map<std::string, std::string>;

LabelMap ToMap(const Labels& labels) {
  return {labels.begin(), labels.end()};
}

bool GoodName(const std::string& name) {
  return name.starts_with("tilts_") && std::all_of(name.begin(), name.end(), [](char character) {
           return absl::ascii_islower(static_cast<unsigned char>(character)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(character)) || character == '_';
         });
}

// Random ids are runs of 16 hex digits and more, numbers from outside runs of six and more; an address has an "@".
bool LooksLikeAnId(const std::string& value) {
  std::size_t hex = 0;
  std::size_t digits = 0;
  for (const char character : value) {
    const auto byte = static_cast<unsigned char>(character);
    hex = absl::ascii_isxdigit(byte) ? hex + 1 : (character == '-' ? hex : 0);
    digits = absl::ascii_isdigit(byte) ? digits + 1 : 0;
    if (hex >= 16 || digits >= 6 || character == '@') return true;
  }
  return false;
}

// Gauges whose value is asked for at the scrape.
class GaugeSources final : public prometheus::Collectable {
 public:
  struct Source {
    std::string name;
    std::string help;
    LabelMap labels;
    std::function<double()> read;
  };

  void Add(Source source) {
    const std::lock_guard lock(mutex_);
    sources_.push_back(std::move(source));
  }
  void Clear() {
    const std::lock_guard lock(mutex_);
    sources_.clear();
  }

  std::vector<prometheus::MetricFamily> Collect() const override {
    const std::lock_guard lock(mutex_);
    std::map<std::string, prometheus::MetricFamily> families;
    for (const Source& source : sources_) {
      prometheus::MetricFamily& family = families[source.name];
      family.name = source.name;
      family.help = source.help;
      family.type = prometheus::MetricType::Gauge;
      prometheus::ClientMetric metric;
      for (const auto& [key, value] : source.labels) metric.label.push_back({key, value});
      metric.gauge.value = source.read();
      family.metric.push_back(std::move(metric));
    }
    std::vector<prometheus::MetricFamily> result;
    for (auto& [name, family] : families) result.push_back(std::move(family));
    return result;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Source> sources_;
};

}  // namespace

void Counter::Add(double amount) const {
  if (counter_ != nullptr) counter_->Increment(amount);
}

void Gauge::Set(double value) const {
  if (gauge_ != nullptr) gauge_->Set(value);
}

void Gauge::Add(double amount) const {
  if (gauge_ != nullptr) gauge_->Increment(amount);
}

void Histogram::Observe(double value) const {
  if (histogram_ != nullptr) histogram_->Observe(value);
}

const std::vector<double>& LatencyBuckets() {
  static const std::vector<double> buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return buckets;
}

struct Registry::Parts {
  // Exposers keep weak pointers only: whoever owns the registry must own the exposer too.
  std::shared_ptr<prometheus::Registry> registry =
      std::make_shared<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge);
  std::shared_ptr<GaugeSources> sources = std::make_shared<GaugeSources>();
  mutable std::mutex mutex;
  std::map<std::string, std::pair<std::string, std::vector<std::string>>> shapes;  // name -> kind, label names
  std::map<std::string, std::set<LabelMap>> series;
  std::vector<std::string> faults;

  // False, with a fault noted, when the name is wrong or was used with another kind or other labels.
  bool Claim(const std::string& name, const std::string& kind, const Labels& labels) {
    std::vector<std::string> names;
    for (const auto& [label, value] : labels) names.push_back(label);
    std::sort(names.begin(), names.end());
    const std::lock_guard lock(mutex);
    const auto fault = [&](std::string_view what) {
      faults.push_back(core::Concat(name, ": ", what));
      return false;
    };
    if (!GoodName(name)) return fault("name is not tilts_<subsystem>_<what>_<unit>");
    if ((kind == "counter") != name.ends_with("_total")) return fault("_total is for counters, and for all");
    if (std::any_of(names.begin(), names.end(),
                    [](const auto& label) { return label == "le" || label == "quantile"; })) {
      return fault("the labels le and quantile are taken");
    }
    if (std::any_of(labels.begin(), labels.end(), [](const auto& label) { return LooksLikeAnId(label.second); })) {
      return fault("a label's value looks like an id: labels are closed sets");
    }
    if (series[name].insert(ToMap(labels)).second && series[name].size() > kMostSeries) {
      return fault("more series than any closed set has");
    }
    const auto [entry, fresh] = shapes.try_emplace(name, kind, names);
    if (!fresh && entry->second != std::pair(kind, names))
      return fault("used before as another kind or with other labels");
    return true;
  }

  template <typename Make>
  auto Guarded(const std::string& name, Make make) -> decltype(make()) {
    try {
      return make();
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      faults.push_back(core::Concat(name, ": ", error.what()));
      return nullptr;
    }
  }
};

Registry::Registry() : parts_(std::make_unique<Parts>()) {}
Registry::~Registry() = default;

Counter Registry::AddCounter(const std::string& name, const std::string& help, const Labels& labels) {
  Counter counter;
  if (parts_->Claim(name, "counter", labels)) {
    counter.counter_ = parts_->Guarded(name, [&] {
      return &prometheus::BuildCounter().Name(name).Help(help).Register(*parts_->registry).Add(ToMap(labels));
    });
  }
  return counter;
}

Gauge Registry::AddGauge(const std::string& name, const std::string& help, const Labels& labels) {
  Gauge gauge;
  if (parts_->Claim(name, "gauge", labels)) {
    gauge.gauge_ = parts_->Guarded(name, [&] {
      return &prometheus::BuildGauge().Name(name).Help(help).Register(*parts_->registry).Add(ToMap(labels));
    });
  }
  return gauge;
}

Histogram Registry::AddHistogram(const std::string& name, const std::string& help, const Labels& labels,
                                 const std::vector<double>& buckets) {
  Histogram histogram;
  if (parts_->Claim(name, "histogram", labels)) {
    histogram.histogram_ = parts_->Guarded(name, [&] {
      return &prometheus::BuildHistogram()
                  .Name(name)
                  .Help(help)
                  .Register(*parts_->registry)
                  .Add(ToMap(labels), buckets);
    });
  }
  return histogram;
}

void Registry::AddGaugeSource(const std::string& name, const std::string& help, const Labels& labels,
                              std::function<double()> read) {
  if (parts_->Claim(name, "gauge source", labels)) parts_->sources->Add({name, help, ToMap(labels), std::move(read)});
}

void Registry::StopGaugeSources() {
  parts_->sources->Clear();
}

std::vector<std::string> Registry::faults() const {
  const std::lock_guard lock(parts_->mutex);
  return parts_->faults;
}

std::string Registry::Expose() const {
  auto families = parts_->registry->Collect();
  for (auto& family : parts_->sources->Collect()) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

struct Exposer::Parts {
  std::unique_ptr<prometheus::Exposer> exposer;
  int port = 0;
};

core::Result<std::unique_ptr<Exposer>> Exposer::Start(const std::string& address, int port, const Registry& registry) {
  const auto taken = [&] {
    return core::Fail(core::Errc::kUnavailable,
                      core::Concat("cannot listen on ", address, ":", port, " for metrics: choose a free metrics.port"),
                      "METRICS_PORT");
  };
  try {
    auto parts = std::make_unique<Parts>();
    parts->exposer = std::make_unique<prometheus::Exposer>(core::Concat(address, ":", port), 2);
    parts->exposer->RegisterCollectable(registry.parts_->registry);
    parts->exposer->RegisterCollectable(registry.parts_->sources);
    const std::vector<int> ports = parts->exposer->GetListeningPorts();
    if (ports.empty()) return taken();
    parts->port = ports.front();
    return std::unique_ptr<Exposer>(new Exposer(std::move(parts)));
  } catch (const std::exception&) {  // CivetException: "null context … Possible problem binding to port"
    return taken();
  }
}

Exposer::Exposer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Exposer::~Exposer() = default;
int Exposer::port() const {
  return parts_->port;
}

}  // namespace tilts::metrics
