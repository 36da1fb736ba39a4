#include "http/server.hpp"

#include "http/session.hpp"

namespace tilts::http {

core::Status ServerCore::Listen() {
  error_code error;
  const auto address = net::ip::make_address(options.address, error);
  const tcp::endpoint endpoint(address, options.port);
  if (!error) acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    return core::Fail(core::Errc::kUnavailable,
                      "cannot listen on " + options.address + ":" + std::to_string(options.port) + " (" +
                          error.message() + "): choose a free port and an address of this machine",
                      "LISTEN");
  }
  port_ = acceptor_.local_endpoint().port();
  return {};
}

void ServerCore::Accept() {
  acceptor_.async_accept(net::make_strand(io), beast::bind_front_handler(&ServerCore::OnAccept, shared_from_this()));
}

void ServerCore::OnAccept(error_code error, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {  // out of descriptors, most likely: give others a moment to close theirs
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait(net::bind_executor(acceptor_.get_executor(), [self = shared_from_this()](error_code) {
      if (self->acceptor_.is_open()) self->Accept();
    }));
    return;
  }
  std::shared_ptr<Session> session;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t open = sessions_.size();
    if (!draining_ && open < options.max_connections + options.max_connections / 4 + 1) {
      session = std::make_shared<Session>(std::move(socket), shared_from_this(), open >= options.max_connections);
      sessions_.emplace(session.get(), session);
    }
  }
  if (session) session->Start();
  Accept();
}

bool ServerCore::draining() const {
  const std::lock_guard lock(mutex_);
  return draining_;
}

void ServerCore::Remove(Session* session) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(session);
  changed_.notify_all();
}

void ServerCore::BeginDrain() {
  net::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
  });
  const std::lock_guard lock(mutex_);
  draining_ = true;
  for (auto& [key, weak] : sessions_) {
    if (auto session = weak.lock()) net::post(session->executor(), [session] { session->CloseIfIdle(); });
  }
}

bool ServerCore::WaitUntilEmpty(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return sessions_.empty(); });
}

void ServerCore::CutAll() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, weak] : sessions_) {
    if (auto session = weak.lock()) net::post(session->executor(), [session] { session->Close(); });
  }
  stopped_ = true;
  work_.reset();
}

core::Result<std::unique_ptr<HttpServer>> HttpServer::Start(ServerOptions options, Handler handler) {
  const int threads = options.threads;
  auto core = std::make_shared<ServerCore>(std::move(options), std::move(handler));
  TILTS_CHECK(core->Listen());
  core->Accept();
  std::unique_ptr<HttpServer> server(new HttpServer(core));
  for (int i = 0; i < threads; ++i) server->threads_.emplace_back([core] { core->io.run(); });
  return server;
}

HttpServer::HttpServer(std::shared_ptr<ServerCore> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() {
  std::ignore = Stop(std::chrono::milliseconds(0));
}

std::uint16_t HttpServer::port() const {
  return core_->port();
}

core::Status HttpServer::Stop(std::chrono::milliseconds limit) {
  if (threads_.empty()) return {};
  core_->BeginDrain();
  const bool finished = core_->WaitUntilEmpty(limit);
  core_->CutAll();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (finished) return {};
  return core::Fail(core::Errc::kTimeout, "requests in flight were cut at the stop limit", "STOP_LIMIT");
}

}  // namespace tilts::http
