#pragma once

struct sockaddr;

namespace tilts::http {

// True for an address of the public internet. Loopback, private (RFC 1918), link-local, carrier-grade
// NAT, unique local, IPv4 written as IPv6, multicast, documentation and every reserved range are not.
bool IsPublicAddress(const sockaddr& address);

}  // namespace tilts::http
