#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "http/message.hpp"

namespace tilts::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, read it with HttpServer::port()
  std::size_t max_body_bytes = 1U << 20;
  std::size_t max_header_bytes = 16U << 10;
  // From a request's first byte to its last: what stops a peer that sends one byte a minute.
  std::chrono::milliseconds read_timeout{10'000};
  std::chrono::milliseconds write_timeout{30'000};
  // How long a kept-alive connection may say nothing.
  std::chrono::milliseconds idle_timeout{60'000};
  // Beyond it a request is answered 503; a quarter beyond that, connections are closed unanswered.
  std::size_t max_connections = 1024;
  int threads = 2;
};

// Answers one request, once, from any thread. Destroyed uncalled it answers 500, so that no path
// through a handler leaves a caller hanging. After the server stopped it does nothing.
class Responder {
 public:
  explicit Responder(std::function<void(Response)> send) : send_(std::move(send)) {}
  Responder(Responder&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  Responder& operator=(Responder&& other) noexcept;
  ~Responder() { Abandon(); }

  void operator()(Response response);

 private:
  void Abandon();

  std::function<void(Response)> send_;
};

// Runs on the server's few threads: it must not block. Long work and long polls move the responder
// elsewhere and return.
using Handler = std::function<void(Request, Responder)>;

class ServerCore;

// Asynchronous HTTP/1.1 server without TLS (a proxy in front terminates it).
class HttpServer {
 public:
  static core::Result<std::unique_ptr<HttpServer>> Start(ServerOptions options, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;

  // Accepts no more, lets requests in flight finish within `limit`, cuts the rest. kTimeout when
  // something had to be cut. A second call does nothing.
  core::Status Stop(std::chrono::milliseconds limit);

 private:
  explicit HttpServer(std::shared_ptr<ServerCore> core);

  std::shared_ptr<ServerCore> core_;
  std::vector<std::thread> threads_;
};

}  // namespace tilts::http
