#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace tilts::metrics {

// Name and value of each label, known when the probe is built: topic, handler, outcome, rpc, code. Never ids, never
// text from outside.
using Labels = std::vector<std::pair<std::string, std::string>>;

// Handles are small values that stay valid as long as the registry; a default one counts into nothing.
class Counter {
 public:
  void Add(double amount = 1) const;

 private:
  friend class Registry;
  prometheus::Counter* counter_ = nullptr;
};

class Gauge {
 public:
  void Set(double value) const;
  void Add(double amount) const;

 private:
  friend class Registry;
  prometheus::Gauge* gauge_ = nullptr;
};

class Histogram {
 public:
  void Observe(double value) const;

 private:
  friend class Registry;
  prometheus::Histogram* histogram_ = nullptr;
};

// 1 ms to 30 s.
const std::vector<double>& LatencyBuckets();

// Take handles in a component's constructor, never per call (a look-up costs 300 ns and a lock). Names are
// tilts_<subsystem>_<what>_<unit>[_total]. A wrong name, or one name used as two kinds, yields a dead handle and a
// fault; service::Run refuses to start with faults.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  Counter AddCounter(const std::string& name, const std::string& help, const Labels& labels = {});
  Gauge AddGauge(const std::string& name, const std::string& help, const Labels& labels = {});
  Histogram AddHistogram(const std::string& name, const std::string& help, const Labels& labels = {},
                         const std::vector<double>& buckets = LatencyBuckets());

  // `read` is called at each scrape, from the scraping thread; it must not block. Stop() before what it reads dies.
  void AddGaugeSource(const std::string& name, const std::string& help, const Labels& labels,
                      std::function<double()> read);
  void StopGaugeSources();

  std::vector<std::string> faults() const;
  // The exposition text, for tests.
  std::string Expose() const;

 private:
  friend class Exposer;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// The HTTP endpoint /metrics. Its destructor takes about two seconds (civetweb), so it is stopped last.
class Exposer {
 public:
  // Port 0: any. A busy port is an error, not an exception.
  static core::Result<std::unique_ptr<Exposer>> Start(const std::string& address, int port, const Registry& registry);
  ~Exposer();
  int port() const;

 private:
  struct Parts;
  explicit Exposer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::metrics
