#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core/city_time.hpp"

namespace tilts::metrics {
class Registry;
}

namespace tilts::service {

// One piece of work of a trace. Names and codes are closed sets; nothing of the payload.
struct Span {
  enum class Kind { kInternal = 1, kServer = 2, kClient = 3, kProducer = 4, kConsumer = 5 };  // OTLP's numbers
  Kind kind = Kind::kInternal;
  std::string name;
  std::string traceparent;  // its own
  std::string parent;       // traceparent of what caused it; empty: the first of its trace
  core::CityTime started;   // machine clock
  std::chrono::microseconds duration{0};
  std::string code;  // "OK" or ToString(Errc)
  bool failed = false;
};

struct TraceOptions {
  std::string endpoint;  // "http://127.0.0.1:4318"; empty: nothing is exported
  double sample_ratio = 1;
  std::string service;
  std::string instance;
  std::string version;
};

// Sends spans to a collector by OTLP/HTTP JSON, in batches from a thread of its own. When the queue is full or the
// collector does not take them, spans are dropped and counted; nobody waits.
class Traces {
 public:
  Traces(TraceOptions options, metrics::Registry& metrics);
  ~Traces();

  bool exporting() const { return loop_ != nullptr; }
  // Kept if its trace is sampled: decided by the trace id, so alike in every service.
  void Record(Span span);
  // Sends what is left, within a second.
  void Stop();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tilts::service
