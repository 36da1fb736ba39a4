#include "http/address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace tilts::http {
namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t Ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

// IANA's special-purpose registry: everything that is not globally reachable, multicast and class E.
constexpr std::array<Range4, 16> kRefused4{{{Ip(0, 0, 0, 0), 8},
                                            {Ip(10, 0, 0, 0), 8},
                                            {Ip(100, 64, 0, 0), 10},
                                            {Ip(127, 0, 0, 0), 8},
                                            {Ip(169, 254, 0, 0), 16},
                                            {Ip(172, 16, 0, 0), 12},
                                            {Ip(192, 0, 0, 0), 24},
                                            {Ip(192, 0, 2, 0), 24},
                                            {Ip(192, 88, 99, 0), 24},
                                            {Ip(192, 168, 0, 0), 16},
                                            {Ip(198, 18, 0, 0), 15},
                                            {Ip(198, 51, 100, 0), 24},
                                            {Ip(203, 0, 113, 0), 24},
                                            {Ip(224, 0, 0, 0), 4},
                                            {Ip(240, 0, 0, 0), 4},
                                            {Ip(255, 255, 255, 255), 32}}};

bool IsPublic4(std::uint32_t address) {
  return std::none_of(kRefused4.begin(), kRefused4.end(),
                      [address](const Range4& range) { return (address ^ range.network) >> (32 - range.bits) == 0; });
}

// Allowed is only global unicast 2000::/3, less what tunnels IPv4 or is reserved within it.
bool IsPublic6(const std::uint8_t* bytes) {
  if (bytes[0] >> 5 != 1) return false;
  const auto first = static_cast<std::uint32_t>(bytes[0] << 8 | bytes[1]);
  const auto second = static_cast<std::uint32_t>(bytes[2] << 8 | bytes[3]);
  if (first == 0x2001 && second < 0x0200) return false;   // protocol assignments, Teredo, ORCHID
  if (first == 0x2001 && second == 0x0db8) return false;  // documentation
  if (first == 0x2002) return false;                      // 6to4
  return first != 0x3fff || second >> 12 != 0;            // documentation 3fff::/20
}

}  // namespace

bool IsPublicAddress(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    return IsPublic4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof(v6));
    return IsPublic6(v6.sin6_addr.s6_addr);
  }
  return false;
}

}  // namespace tilts::http
