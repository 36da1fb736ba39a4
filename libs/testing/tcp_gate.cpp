#include "testing/tcp_gate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace tilts::testing {
namespace {

sockaddr_in AddressOf(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

}  // namespace

TcpGate::TcpGate(std::string host, int port) : host_(std::move(host)), target_port_(port) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = AddressOf("127.0.0.1", 0);
  bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  listen(listener_, 64);
  socklen_t size = sizeof(address);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

TcpGate::~TcpGate() {
  stopping_ = true;
  thread_.join();
  close(listener_);
}

void TcpGate::Refuse(bool refused) {
  refused_ = refused;
  if (refused) cut_ = true;
}

void TcpGate::Run() {
  while (!stopping_) {
    if (cut_.exchange(false)) {
      for (const Pair& pair : pairs_) {
        close(pair.client);
        close(pair.server);
      }
      pairs_.clear();
    }
    std::vector<pollfd> watched = {{listener_, POLLIN, 0}};
    if (!held_) {
      for (const Pair& pair : pairs_) {
        watched.push_back({pair.client, POLLIN, 0});
        watched.push_back({answers_held_ ? -1 : pair.server, POLLIN, 0});
      }
    }
    if (poll(watched.data(), watched.size(), 10) <= 0) continue;
    std::vector<Pair> alive;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const Pair pair = pairs_[i];
      bool open = true;
      if (1 + 2 * i < watched.size()) {
        if (watched[1 + 2 * i].revents) open = Forward(pair.client, pair.server);
        if (open && watched[2 + 2 * i].revents) open = Forward(pair.server, pair.client);
      }
      if (open) {
        alive.push_back(pair);
      } else {
        close(pair.client);
        close(pair.server);
      }
    }
    pairs_ = std::move(alive);
    if (watched[0].revents) Accept();
  }
  for (const Pair& pair : pairs_) {
    close(pair.client);
    close(pair.server);
  }
}

void TcpGate::Accept() {
  Pair pair;
  pair.client = accept(listener_, nullptr, nullptr);
  if (pair.client < 0) return;
  pair.server = refused_ ? -1 : socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = AddressOf(host_, target_port_);
  if (pair.server < 0 || connect(pair.server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    close(pair.client);
    if (pair.server >= 0) close(pair.server);
    return;
  }
  pairs_.push_back(pair);
}

bool TcpGate::Forward(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
  for (ssize_t sent = 0; sent < size;) {
    const ssize_t once = send(to, buffer.data() + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (once <= 0) return false;
    sent += once;
  }
  return size > 0;
}

}  // namespace tilts::testing
