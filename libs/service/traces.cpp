#include "service/traces.hpp"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/concat.hpp"
#include "http/client.hpp"
#include "log/json_text.hpp"
#include "metrics/metrics.hpp"
#include "rpc/trace_context.hpp"

namespace tilts::service {
namespace {

constexpr std::size_t kBatch = 512;
constexpr std::size_t kQueue = 4'096;
constexpr std::chrono::seconds kPause{1};
constexpr std::chrono::milliseconds kSendLimit{800};

std::string Quoted(std::string_view text) {
  std::string quoted;
  log::AppendJsonString(quoted, text);
  return quoted;
}

std::string Attribute(std::string_view key, std::string_view value) {
  return core::Concat(R"({"key":)", Quoted(key), R"(,"value":{"stringValue":)", Quoted(value), "}}");
}

std::string SpanJson(const Span& span) {
  const auto begin = std::chrono::nanoseconds(span.started.time_since_epoch()).count();
  const auto end = begin + std::chrono::nanoseconds(span.duration).count();
  std::string json = core::Concat(R"({"traceId":")", rpc::TraceIdOf(span.traceparent), R"(","spanId":")",
                                  rpc::SpanIdOf(span.traceparent), "\"");
  if (!rpc::SpanIdOf(span.parent).empty())
    json += core::Concat(R"(,"parentSpanId":")", rpc::SpanIdOf(span.parent), "\"");
  json += core::Concat(R"(,"name":)", Quoted(span.name), R"(,"kind":)", static_cast<int>(span.kind),
                       R"(,"startTimeUnixNano":")", begin, R"(","endTimeUnixNano":")", end, R"(","attributes":[)",
                       Attribute("tilts.code", span.code), R"(],"status":{"code":)", span.failed ? 2 : 1, "}}");
  return json;
}

std::string BatchJson(const TraceOptions& options, const std::vector<Span>& spans) {
  std::string list;
  for (const Span& span : spans) list += (list.empty() ? "" : ",") + SpanJson(span);
  return core::Concat(R"({"resourceSpans":[{"resource":{"attributes":[)", Attribute("service.name", options.service),
                      ",", Attribute("service.instance.id", options.instance), ",",
                      Attribute("service.version", options.version),
                      R"(]},"scopeSpans":[{"scope":{"name":"tilts"},"spans":[)", list, "]}]}]}");
}

// The last 56 bits of the trace id against the ratio, as W3C's random trace ids allow.
bool IsSampled(const Span& span, double ratio) {
  const std::string_view trace = rpc::TraceIdOf(span.traceparent);
  if (trace.empty() || !span.traceparent.ends_with("1")) return false;
  constexpr double kRange = 72'057'594'037'927'936.0;  // 2^56
  const std::string tail(trace.substr(18));
  return static_cast<double>(std::strtoull(tail.c_str(), nullptr, 16)) < ratio * kRange;
}

}  // namespace

class Traces::Loop {
 public:
  Loop(TraceOptions options, metrics::Registry& metrics)
      : options_(std::move(options)),
        client_(http::ClientOptions{.allow_private_networks = true, .max_in_flight = 1}),
        sent_(metrics.AddCounter("tilts_trace_spans_total", "Spans, by what became of them.", {{"outcome", "sent"}})),
        dropped_(
            metrics.AddCounter("tilts_trace_spans_total", "Spans, by what became of them.", {{"outcome", "dropped"}})),
        thread_([this] { Run(); }) {}
  ~Loop() { Stop(); }

  void Record(Span span) {
    if (!IsSampled(span, options_.sample_ratio)) return;
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= kQueue || stopping_) return dropped_.Add();
    queue_.push_back(std::move(span));
    if (queue_.size() == kBatch) changed_.notify_all();
  }

  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait_for(lock, kPause, [this] { return stopping_ || queue_.size() >= kBatch; });
      const bool last = stopping_;
      std::vector<Span> batch;
      batch.swap(queue_);
      lock.unlock();
      if (!batch.empty()) Send(batch);
      if (last) return;
      lock.lock();
    }
  }

  void Send(const std::vector<Span>& batch) {
    http::HttpRequest request{.method = "POST", .url = options_.endpoint + "/v1/traces"};
    request.headers.Set("Content-Type", "application/json");
    request.body = BatchJson(options_, batch);
    request.timeout = kSendLimit;
    request.truncate_response = true;
    const auto response = client_.SendAndWait(std::move(request));
    const bool taken = response && response->status >= 200 && response->status < 300;
    (taken ? sent_ : dropped_).Add(static_cast<double>(batch.size()));
  }

  const TraceOptions options_;
  http::HttpClient client_;
  const metrics::Counter sent_;
  const metrics::Counter dropped_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Span> queue_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

Traces::Traces(TraceOptions options, metrics::Registry& metrics) {
  if (!options.endpoint.empty()) loop_ = std::make_unique<Loop>(std::move(options), metrics);
}

Traces::~Traces() = default;

void Traces::Record(Span span) {
  if (loop_) loop_->Record(std::move(span));
}

void Traces::Stop() {
  if (loop_) loop_->Stop();
}

}  // namespace tilts::service
