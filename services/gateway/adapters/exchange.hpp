#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "auth/principal.hpp"
#include "core/result.hpp"
#include "gateway/adapters/upstream.hpp"
#include "gateway/app/transcoding.hpp"
#include "http/server.hpp"

namespace tilts::gateway {

struct Route;

// Counts one piece of work for as long as it lives.
class WorkToken {
 public:
  explicit WorkToken(std::atomic<std::uint64_t>& count) : count_(count) { ++count_; }
  ~WorkToken() { --count_; }
  WorkToken(const WorkToken&) = delete;
  WorkToken& operator=(const WorkToken&) = delete;

 private:
  std::atomic<std::uint64_t>& count_;
};

// One HTTP request on its way through the door. Answered once; what is dropped unanswered gets 500
// from the responder.
struct Exchange {
  http::Request request;
  http::Responder respond;
  CallLabels labels;
  std::chrono::steady_clock::time_point started;
  const Route* route = nullptr;  // null until found
  auth::Principal caller;
  std::unique_ptr<WorkToken> work;  // set while it counts as work in hand

  Exchange(http::Request incoming, http::Responder responder);

  void Answer(http::Response response);
  void Answer(const core::Error& error);
  void Answer(const HttpOutput& output);

  int status = 0;  // what was answered
  std::string problem_reason;
};

}  // namespace tilts::gateway
