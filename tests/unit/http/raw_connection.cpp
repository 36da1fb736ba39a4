#include "raw_connection.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tilts::http {

RawConnection::RawConnection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) std::abort();
}

RawConnection::~RawConnection() {
  close(socket_);
}

void RawConnection::Write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t sent = send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string RawConnection::ReadUntil(std::string_view ending) const {
  std::string seen;
  char chunk[4096];
  for (;;) {
    const ssize_t got = recv(socket_, chunk, sizeof(chunk), 0);
    if (got <= 0) return seen;
    seen.append(chunk, static_cast<std::size_t>(got));
    if (!ending.empty() && seen.find(ending) != std::string::npos) return seen;
  }
}

}  // namespace tilts::http
