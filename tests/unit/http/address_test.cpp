#include "http/address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

namespace tilts::http {
namespace {

bool IsPublic(const std::string& text) {
  sockaddr_storage storage{};
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    std::memcpy(&storage, &v4, sizeof(v4));
  } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    std::memcpy(&storage, &v6, sizeof(v6));
  }
  return IsPublicAddress(reinterpret_cast<const sockaddr&>(storage));
}

class PublicAddressTest : public ::testing::TestWithParam<const char*> {};
TEST_P(PublicAddressTest, IsAllowed) {
  EXPECT_TRUE(IsPublic(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Addresses, PublicAddressTest,
                         ::testing::Values("8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "223.255.255.255",
                                           "2a00:1450::1", "2001:4860::8888"));

class RefusedAddressTest : public ::testing::TestWithParam<const char*> {};
TEST_P(RefusedAddressTest, IsRefused) {
  EXPECT_FALSE(IsPublic(GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Addresses, RefusedAddressTest,
                         ::testing::Values("127.0.0.1", "127.255.0.9", "0.0.0.0", "10.1.2.3", "172.16.0.1",
                                           "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
                                           "224.0.0.1", "255.255.255.255", "198.18.0.1", "::", "::1", "fe80::1",
                                           "fc00::1", "fd12::1", "ff02::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1",
                                           "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::1", "2001:db8::1",
                                           "not an address"));

}  // namespace
}  // namespace tilts::http
