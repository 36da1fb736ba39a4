#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "http/server.hpp"

namespace tilts::notification {

struct Hook {
  std::string id;
  std::string timestamp;
  std::string signature;
  std::string body;
};

// An institution's receiver that answers as told: a status with headers, or nothing at all.
class Receiver {
 public:
  Receiver();
  ~Receiver() { Stop(); }

  void AnswerWith(int status, http::Headers headers = {});
  void Hang();
  void Stop();

  std::string url(const std::string& path = "/in") const;
  std::vector<Hook> hooks() const;
  std::size_t count() const { return hooks().size(); }
  std::set<std::string> ids() const;
  // The most requests that were open at a time.
  std::size_t most_open() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Hook> hooks_;
  std::vector<http::Responder> held_;
  int status_ = 204;
  http::Headers headers_;
  bool hang_ = false;
  std::size_t most_open_ = 0;
  std::unique_ptr<http::HttpServer> server_;
};

}  // namespace tilts::notification
