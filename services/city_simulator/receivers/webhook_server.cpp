#include "city_simulator/receivers/webhook_server.hpp"

#include <civetweb.h>

#include <array>
#include <chrono>
#include <thread>

namespace tilts::city_simulator {
namespace {

constexpr std::size_t kBodyLimit = 1 << 20;

std::string Header(const mg_connection* connection, const char* name) {
  const char* value = mg_get_header(connection, name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string ReadBody(mg_connection* connection) {
  std::string body;
  std::array<char, 4096> piece{};
  for (int size = mg_read(connection, piece.data(), piece.size()); size > 0 && body.size() < kBodyLimit;
       size = mg_read(connection, piece.data(), piece.size())) {
    body.append(piece.data(), static_cast<std::size_t>(size));
  }
  return body;
}

void Send(mg_connection* connection, const Reply& reply) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Answer\r\nContent-Length: 0\r\n";
  if (reply.retry_after_seconds > 0) head += "Retry-After: " + std::to_string(reply.retry_after_seconds) + "\r\n";
  if (!reply.location.empty()) head += "Location: " + reply.location + "\r\n";
  head += "\r\n";
  mg_write(connection, head.data(), head.size());
}

}  // namespace

struct WebhookServer::Inside {
  Answer answer;
  mg_context* context = nullptr;
  std::uint16_t port = 0;

  static int Handle(mg_connection* connection, void* self) {
    const mg_request_info* request = mg_get_request_info(connection);
    Arrival arrival;
    arrival.path = request->local_uri == nullptr ? "" : request->local_uri;
    arrival.method = request->request_method;
    arrival.id = Header(connection, "webhook-id");
    arrival.timestamp = Header(connection, "webhook-timestamp");
    arrival.signatures = Header(connection, "webhook-signature");
    for (int index = 0; index < request->num_headers; ++index) {
      const auto& header = request->http_headers[index];
      arrival.head += std::string(header.name) + ": " + header.value + "\n";
    }
    if (request->query_string != nullptr) arrival.head += std::string("query: ") + request->query_string + "\n";
    arrival.body = ReadBody(connection);
    const Reply reply = static_cast<Inside*>(self)->answer(arrival);
    if (reply.after_milliseconds > 0) std::this_thread::sleep_for(std::chrono::milliseconds(reply.after_milliseconds));
    Send(connection, reply);
    return reply.status;
  }
};

WebhookServer::WebhookServer(Answer answer) : inside_(std::make_unique<Inside>()) {
  inside_->answer = std::move(answer);
}

WebhookServer::~WebhookServer() {
  if (inside_->context != nullptr) mg_stop(inside_->context);
}

std::string WebhookServer::Start(std::uint16_t port) {
  const std::string where = "127.0.0.1:" + std::to_string(port);
  std::array<const char*, 9> options = {
      "listening_ports",       where.c_str(), "num_threads", "16", "enable_keep_alive", "yes",
      "keep_alive_timeout_ms", "5000",        nullptr};
  const mg_callbacks callbacks{};
  inside_->context = mg_start(&callbacks, nullptr, options.data());
  if (inside_->context == nullptr) return "no receiver could listen on " + where + "; choose another port base";
  std::array<mg_server_port, 4> ports{};
  if (mg_get_server_ports(inside_->context, static_cast<int>(ports.size()), ports.data()) > 0) {
    inside_->port = static_cast<std::uint16_t>(ports[0].port);
  }
  mg_set_request_handler(inside_->context, "/hooks/", &Inside::Handle, inside_.get());
  return {};
}

std::uint16_t WebhookServer::port() const {
  return inside_->port;
}

std::string WebhookServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(inside_->port) + path;
}

}  // namespace tilts::city_simulator
