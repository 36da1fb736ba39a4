#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "rpc/call.hpp"

namespace tilts::log {
class Logger;
}
namespace tilts::metrics {
class Registry;
}

namespace tilts::rpc {

class Executor;
class MethodTable;

struct ServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;
  std::size_t max_message_bytes = 4u << 20;
  // A call without a deadline gets this one.
  std::chrono::milliseconds default_deadline{30'000};
  // Messages of one stream that are in hand at a time, answers on their way among them; no further one is read, so that
  // the caller is slowed down instead of our memory filled.
  std::size_t stream_messages_at_once = 4;
  // A stream without a message for so long is ended.
  std::chrono::milliseconds stream_idle{60'000};
  std::size_t most_streams = 256;
};

// One finished call, for traces.
struct CallReport {
  std::string_view method;
  std::string_view traceparent;
  std::string_view parent;  // traceparent as it came in; empty when this call began the trace
  std::string_view code;    // "OK" or ToString(Errc)
  core::CityTime started;   // machine clock
  std::chrono::microseconds duration;
};

struct ServerParts {
  const MethodTable& methods;
  Executor& executor;
  Gatekeeper& gatekeeper;
  const core::CityClock& city_clock;
  const core::MachineClock& machine_clock;
  const log::Logger& log;
  metrics::Registry& metrics;
  // Optional; called on the executor, must be quick.
  std::function<void(const CallReport&)> report;
};

// One generic gRPC server for all methods. Also answers grpc.health.v1.Health/Check: service "liveness" is SERVING as
// long as the process answers, "readiness" and "" follow SetReady. Health is answered on gRPC's own threads, so a full
// executor does not look like a dead process.
class Server {
 public:
  // Fails when a method is missing (MethodTable::Check) or the port is taken (a second server never shares a port).
  static core::Result<std::unique_ptr<Server>> Start(ServerOptions options, ServerParts parts);
  ~Server();

  int port() const;
  void SetReady(bool ready);
  std::size_t open_calls() const;
  // Handlers at work on methods that write or read personal data (audit duty not NONE): each may leave rows behind.
  std::size_t audited_handlers() const;

  // New calls are answered kUnavailable at once; calls in hand may finish until `patience` ends, then they are answered
  // kUnavailable too. Streams end so once their messages in hand are answered. Returns within patience plus a moment
  // even if a handler never answers.
  void Shutdown(std::chrono::milliseconds patience);

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace tilts::rpc
