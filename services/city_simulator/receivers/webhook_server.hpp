#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace tilts::city_simulator {

// What arrived at a recipient's door, before anybody looked at it.
struct Arrival {
  std::string path;  // "/hooks/<institution>/<order>"
  std::string id;
  std::string timestamp;
  std::string signatures;
  std::string head;  // all header lines as one text, for the scanner
  std::string body;
  std::string method;
};

struct Reply {
  int status = 204;
  std::uint32_t retry_after_seconds = 0;  // 0: no such header
  std::string location = {};              // empty: no such header
  std::uint32_t after_milliseconds = 0;   // how long the receiver hangs before it answers
};

// Many institutions' doors on one port. The answer is called on the server's own threads, several at once.
class WebhookServer {
 public:
  using Answer = std::function<Reply(const Arrival&)>;

  explicit WebhookServer(Answer answer);
  ~WebhookServer();
  WebhookServer(const WebhookServer&) = delete;
  WebhookServer& operator=(const WebhookServer&) = delete;

  // 0: any free port. Empty: it listens; otherwise why not.
  std::string Start(std::uint16_t port);
  std::uint16_t port() const;
  // "http://127.0.0.1:<port><path>"
  std::string Url(const std::string& path) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tilts::city_simulator
