#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "http/server.hpp"

namespace tilts::e2e {

// What one POST to a receiver was.
struct Hook {
  std::chrono::steady_clock::time_point at;
  std::string webhook_id;
  std::string signature;
  std::string timestamp;
  std::string body_text;
  nlohmann::json body;
};

// An institution's webhook receiver that answers as told: an HTTP status, or nothing at all ("hang").
class Receiver {
 public:
  Receiver();

  std::string url() const;
  // 0: accept the request and never answer.
  void AnswerWith(int status, http::Headers headers = {});
  void Stop();

  std::vector<Hook> hooks() const;
  // Different webhook ids; the same one again is no second delivery.
  std::set<std::string> distinct_ids() const;
  // Hooks of one notice type about one referral, each id once.
  std::size_t CountOf(const std::string& type, const std::string& referral_id) const;

 private:
  void Receive(http::Request request, http::Responder respond);

  mutable std::mutex mutex_;
  int status_ = 204;
  http::Headers headers_;
  std::vector<Hook> hooks_;
  std::vector<http::Responder> hanging_;
  std::unique_ptr<http::HttpServer> server_;
};

}  // namespace tilts::e2e
