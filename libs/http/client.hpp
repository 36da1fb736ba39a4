#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "core/result.hpp"
#include "http/message.hpp"

namespace tilts::http {

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};  // http or https, without user or password
  Headers headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{15'000};  // for the whole exchange
  std::chrono::milliseconds connect_timeout{5'000};
  std::size_t max_response_bytes = 1U << 20;
  // A longer answer is an error; with true it is cut at the limit instead and counts as an answer.
  bool truncate_response = false;
};

struct HttpResponse {
  int status = 0;
  Headers headers = {};
  std::string body = {};
  bool truncated = false;
};

struct ClientOptions {
  // false: a connection is opened only to public addresses, checked after name resolution on the very
  // address that is dialled, so that neither a name nor a redirect reaches our own network.
  bool allow_private_networks = false;
  std::size_t max_in_flight = 1024;
  std::string user_agent = "tilts";
  std::string ca_file = {};  // empty: the machine's own
};

// Asynchronous client: one thread drives every exchange. Redirects are never followed, proxies from the
// environment never used, a 4xx or 5xx is an answer and not an error. Errors name scheme, host and port
// of the address at most.
class HttpClient {
 public:
  using Callback = std::function<void(core::Result<HttpResponse>)>;

  explicit HttpClient(ClientOptions options);
  // What is in flight ends with kUnavailable.
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The callback runs exactly once, on the client's thread: it must not block nor call SendAndWait.
  // (Only after the client began to stop it runs on the caller's thread.)
  void Send(HttpRequest request, Callback callback);
  core::Result<HttpResponse> SendAndWait(HttpRequest request);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tilts::http
