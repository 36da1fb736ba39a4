#pragma once

// Internal to this library and included by server.cpp alone: Beast costs a compiler 20 s.

#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "http/server.hpp"

namespace tilts::http {

namespace beast = boost::beast;
namespace wire = boost::beast::http;
namespace net = boost::asio;
using tcp = net::ip::tcp;
using beast::error_code;

constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kReadChunk = 4096;

class Session;

// What all sessions share. Responders may outlive the server, so it is shared and refuses work once stopped.
class ServerCore : public std::enable_shared_from_this<ServerCore> {
 public:
  ServerCore(ServerOptions chosen, Handler answer)
      : options(std::move(chosen)), handler(std::move(answer)), acceptor_(net::make_strand(io)), pause_(io) {}

  core::Status Listen();
  void Accept();
  std::uint16_t port() const { return port_; }
  bool draining() const;
  void Remove(Session* session);
  template <typename Work>
  void Post(const net::any_io_executor& executor, Work work);

  void BeginDrain();
  bool WaitUntilEmpty(std::chrono::milliseconds limit);
  void CutAll();

  const ServerOptions options;
  const Handler handler;
  net::io_context io;

 private:
  void OnAccept(error_code error, tcp::socket socket);

  net::executor_work_guard<net::io_context::executor_type> work_ = net::make_work_guard(io);
  tcp::acceptor acceptor_;
  net::steady_timer pause_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions_;
  bool draining_ = false;
  bool stopped_ = false;
};

// One connection; everything below runs on its strand, except Complete.
class Session : public std::enable_shared_from_this<Session> {
 private:
  template <typename Method>
  auto Bound(Method method) {
    return beast::bind_front_handler(method, shared_from_this());
  }

 public:
  Session(tcp::socket socket, std::shared_ptr<ServerCore> core, bool overloaded)
      : core_(std::move(core)), stream_(std::move(socket)), overloaded_(overloaded) {}

  void Start() { net::dispatch(stream_.get_executor(), Bound(&Session::AwaitRequest)); }
  net::any_io_executor executor() { return stream_.get_executor(); }
  void CloseIfIdle() {
    if (idle_) Close();
  }
  void Close();

 private:
  void AwaitRequest();
  void ReadHeader();
  void OnHeader(error_code error, std::size_t bytes);
  void ReadBody();
  void OnBody(error_code error, std::size_t bytes);
  void Dispatch();
  void Complete(Response response);
  void Write(Response response);
  void OnWritten(error_code error, std::size_t bytes);
  void Refuse(error_code error);
  void Linger();

  const std::shared_ptr<ServerCore> core_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<wire::request_parser<wire::string_body>> parser_;
  std::optional<wire::response<wire::string_body>> response_;
  std::optional<wire::response_serializer<wire::string_body>> serializer_;
  const bool overloaded_;
  bool idle_ = false;
  bool closed_ = false;
  unsigned version_ = 11;
  bool head_ = false;
  bool keep_alive_ = false;
  bool unread_ = false;  // the peer may still be sending what we refused
};

// Nothing is queued once stopped: a queued handler would hold its session, which holds us, for ever.
template <typename Work>
void ServerCore::Post(const net::any_io_executor& executor, Work work) {
  const std::lock_guard lock(mutex_);
  if (!stopped_) net::post(executor, std::move(work));
}

inline void Session::AwaitRequest() {
  if (core_->draining()) return Close();
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_->options.max_header_bytes));
  parser_->body_limit(core_->options.max_body_bytes);
  if (buffer_.size() > 0) return ReadHeader();
  idle_ = true;
  stream_.expires_after(core_->options.idle_timeout);
  stream_.async_read_some(buffer_.prepare(kReadChunk),
                          [self = shared_from_this()](error_code error, std::size_t bytes) {
                            self->idle_ = false;
                            if (error || self->closed_) return self->Close();
                            self->buffer_.commit(bytes);
                            self->ReadHeader();
                          });
}

inline void Session::ReadHeader() {
  stream_.expires_after(core_->options.read_timeout);
  wire::async_read_header(stream_, buffer_, *parser_, Bound(&Session::OnHeader));
}

inline void Session::OnHeader(error_code error, std::size_t) {
  if (error) return Refuse(error);
  if (overloaded_) {
    keep_alive_ = false;
    unread_ = true;
    Response busy = PlainProblem(503, "too many connections");
    busy.headers.Add("Retry-After", "5");
    return Write(std::move(busy));
  }
  if (!beast::iequals(parser_->get()[wire::field::expect], "100-continue")) return ReadBody();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  net::async_write(stream_, net::buffer(kContinue), [self = shared_from_this()](error_code failed, std::size_t) {
    if (failed) return self->Close();
    self->ReadBody();
  });
}

inline void Session::ReadBody() {
  wire::async_read(stream_, buffer_, *parser_, Bound(&Session::OnBody));
}

inline void Session::OnBody(error_code error, std::size_t) {
  if (error) return Refuse(error);
  Dispatch();
}

inline void Session::Dispatch() {
  auto message = parser_->release();
  version_ = message.version();
  keep_alive_ = message.keep_alive();
  head_ = message.method() == wire::verb::head;
  Request request;
  if (!ParseTarget({message.target().data(), message.target().size()}, request)) {
    return Write(PlainProblem(400, "malformed request target"));
  }
  request.method = std::string(message.method_string());
  for (const auto& field : message) request.headers.Add(std::string(field.name_string()), std::string(field.value()));
  request.body = std::move(message.body());
  error_code ignored;
  request.remote = stream_.socket().remote_endpoint(ignored).address().to_string();
  stream_.expires_never();
  try {
    core_->handler(std::move(request),
                   Responder([self = shared_from_this()](Response response) { self->Complete(std::move(response)); }));
  } catch (...) {
    // The responder was destroyed on the way out and has answered 500.
  }
}

inline void Session::Complete(Response response) {
  core_->Post(executor(),
              [self = shared_from_this(), answer = std::move(response)]() mutable { self->Write(std::move(answer)); });
}

inline bool ForbidsBody(int status) {
  return status < 200 || status == 204 || status == 304;
}

inline void Session::Write(Response response) {
  if (closed_) return;
  for (const auto& [name, value] : response.headers.all()) {
    if (!IsSafeField(name, value)) return Write(PlainProblem(500, "internal error"));
  }
  if (response.status < 200 || response.status > 599) response = PlainProblem(500, "internal error");
  if (core_->draining()) keep_alive_ = false;
  auto& message = response_.emplace(static_cast<wire::status>(response.status), version_);
  for (auto& [name, value] : response.headers.all()) message.insert(name, value);
  message.keep_alive(keep_alive_);
  if (!ForbidsBody(response.status)) message.body() = std::move(response.body);
  message.prepare_payload();
  serializer_.emplace(message);
  stream_.expires_after(core_->options.write_timeout);
  if (head_) {
    wire::async_write_header(stream_, *serializer_, Bound(&Session::OnWritten));
  } else {
    wire::async_write(stream_, *serializer_, Bound(&Session::OnWritten));
  }
}

inline void Session::OnWritten(error_code error, std::size_t) {
  serializer_.reset();
  response_.reset();
  if (error || closed_) return Close();
  if (keep_alive_) return AwaitRequest();
  if (unread_) return Linger();
  Close();
}

// A peer that is gone or too slow gets nothing; one that sent something wrong is told and let go.
inline void Session::Refuse(error_code error) {
  if (closed_ || error == wire::error::end_of_stream || error == wire::error::partial_message ||
      error.category() != wire::make_error_code(wire::error::bad_target).category()) {
    return Close();
  }
  keep_alive_ = false;
  unread_ = true;
  if (error == wire::error::body_limit) return Write(PlainProblem(413, "request body too large"));
  if (error == wire::error::header_limit || error == wire::error::buffer_overflow) {
    return Write(PlainProblem(431, "request header too large"));
  }
  Write(PlainProblem(400, "malformed request"));
}

// Closing with bytes unread resets the connection and would take our answer with it: say that we
// are done, then swallow for a moment.
inline void Session::Linger() {
  if (!idle_) {
    idle_ = true;
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(kLinger);
  }
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadChunk), [self = shared_from_this()](error_code error, std::size_t) {
    if (error || self->closed_) return self->Close();
    self->Linger();
  });
}

inline void Session::Close() {
  if (std::exchange(closed_, true)) return;
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.close();
  core_->Remove(this);
}

}  // namespace tilts::http
