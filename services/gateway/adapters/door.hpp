#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "auth/grant_directory.hpp"
#include "core/clock.hpp"
#include "gateway/adapters/exchange.hpp"
#include "gateway/adapters/rate_limiter.hpp"
#include "gateway/adapters/request_log.hpp"
#include "gateway/adapters/upstream.hpp"
#include "gateway/app/route_table.hpp"
#include "rpc/executor.hpp"

namespace tilts::gateway {

struct DoorLimits {
  std::chrono::milliseconds upstream_timeout{10'000};
  std::chrono::milliseconds long_poll_limit{25'000};
  std::chrono::milliseconds status_limit{1'500};
  // Long polls at the same time; more of them are answered without waiting.
  std::size_t wait_places = 48;
};

struct DoorParts {
  const RouteTable& routes;
  auth::GrantDirectory& grants;
  Upstream& upstream;
  RateLimiter& rate_limiter;
  const RequestLog& request_log;
  const core::CityClock& city_clock;
  rpc::Executor& calls;  // ordinary calls
  rpc::Executor& waits;  // long polls: their own threads, so that waiting never stops the others
  std::function<bool()> ready;
  std::string openapi;
};

// What every request passes, in this order: route, caller, grant, rate, transcoding, the call itself.
class Door {
 public:
  Door(DoorParts parts, DoorLimits limits) : parts_(std::move(parts)), limits_(limits) {}

  // Does not block; the server's threads call it.
  void Handle(http::Request request, http::Responder respond);

  // Calls in hand that leave an audit record; long polls and status calls are none.
  std::uint64_t at_work() const { return at_work_.load(); }

 private:
  using ExchangePointer = std::shared_ptr<Exchange>;

  bool AnswerPublic(Exchange& exchange);
  void Serve(const ExchangePointer& exchange);
  enum class Stage { kAnswered, kWaiting };
  core::Result<Stage> ServeStatus(Exchange& exchange);
  core::Result<RouteMatch> FindRoute(Exchange& exchange);
  core::Status Admit(Exchange& exchange, std::string_view operation);
  core::Result<Stage> ServeRoute(const ExchangePointer& exchange);
  core::Status ServeEvents(Exchange& exchange);
  bool MoveToWaits(const ExchangePointer& exchange, std::shared_ptr<google::protobuf::Message> request,
                   std::chrono::milliseconds wait);
  core::Result<std::string> Ask(Exchange& exchange, const google::protobuf::Message& request,
                                std::chrono::milliseconds wait);
  core::Status Forward(Exchange& exchange, const google::protobuf::Message& request, std::chrono::milliseconds wait);

  DoorParts parts_;
  DoorLimits limits_;
  std::atomic<std::uint64_t> at_work_{0};
  std::atomic<std::uint64_t> waiting_{0};
};

}  // namespace tilts::gateway
