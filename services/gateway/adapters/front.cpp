#include "gateway/adapters/front.hpp"

namespace tilts::gateway {

Front::~Front() {
  Stop(std::chrono::milliseconds(0));
}

core::Status Front::Start() {
  calls_ = std::make_unique<rpc::Executor>("http-calls", options_.call_threads, options_.call_queue, parts_.metrics);
  // A thread per waiting place: nobody waits in the queue for somebody who waits.
  const std::size_t places = options_.limits.wait_places;
  waits_ = std::make_unique<rpc::Executor>("http-waits", places, places, parts_.metrics);
  door_ = std::make_unique<Door>(
      DoorParts{parts_.routes, parts_.grants, parts_.upstream, parts_.rate_limiter, parts_.request_log,
                parts_.city_clock, *calls_, *waits_, parts_.ready, parts_.openapi},
      options_.limits);
  TILTS_ASSIGN(server_,
               http::HttpServer::Start(options_.server, [this](http::Request request, http::Responder respond) {
                 door_->Handle(std::move(request), std::move(respond));
               }));
  return {};
}

void Front::Stop(std::chrono::milliseconds limit) {
  if (!server_) return;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const auto left = [&] {
    const auto rest =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(rest, std::chrono::milliseconds(0));
  };
  // A long poll is told to come back at once: its cursor makes that safe. The others may finish, then
  // they are cut too, so that no thread outlives what it uses.
  parts_.upstream.CancelWaits();
  static_cast<void>(server_->Stop(limit * 2 / 3));
  parts_.upstream.CancelAll();
  calls_->Stop(left());
  waits_->Stop(left());
  server_.reset();
}

}  // namespace tilts::gateway
