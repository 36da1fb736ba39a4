#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateway/adapters/door.hpp"
#include "http/server.hpp"

namespace tilts::gateway {

struct FrontOptions {
  http::ServerOptions server;
  std::size_t call_threads = 16;
  std::size_t call_queue = 512;
  DoorLimits limits;
};

// What the door needs besides its own threads.
struct FrontParts {
  const RouteTable& routes;
  auth::GrantDirectory& grants;
  Upstream& upstream;
  RateLimiter& rate_limiter;
  const RequestLog& request_log;
  const core::CityClock& city_clock;
  metrics::Registry& metrics;
  std::function<bool()> ready;
  std::string openapi;
};

// HTTP server, its two executors and the door between them; started and stopped as one.
class Front {
 public:
  Front(FrontOptions options, FrontParts parts) : options_(std::move(options)), parts_(std::move(parts)) {}
  ~Front();

  core::Status Start();
  // Finishes what is in hand until the limit, then cuts it.
  void Stop(std::chrono::milliseconds limit);

  std::uint16_t port() const { return server_ ? server_->port() : std::uint16_t{0}; }
  std::uint64_t at_work() const { return door_ ? door_->at_work() : 0; }

 private:
  FrontOptions options_;
  FrontParts parts_;
  std::unique_ptr<rpc::Executor> calls_;
  std::unique_ptr<rpc::Executor> waits_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<http::HttpServer> server_;
};

}  // namespace tilts::gateway
