#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tilts::http {

// A plain socket, to say what no well-behaved client says.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void Write(std::string_view text) const;
  // Reads until `ending` was seen or the peer closed.
  std::string ReadUntil(std::string_view ending) const;
  std::string ReadAll() const { return ReadUntil({}); }

 private:
  int socket_;
};

}  // namespace tilts::http
