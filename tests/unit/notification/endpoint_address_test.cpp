#include "notification/domain/endpoint_address.hpp"

#include <gtest/gtest.h>

namespace tilts::notification::domain {
namespace {

const AddressRules kRules{{"hooks.example.org", "[2001:db8::1]"}, false};

TEST(EndpointAddressTest, AllowsHttpsOnAnAllowedHost) {
  EXPECT_TRUE(CheckAddress("https://hooks.example.org/tilts?tenant=7", kRules).has_value());
  EXPECT_TRUE(CheckAddress("https://HOOKS.example.org:8443", kRules).has_value());
  EXPECT_TRUE(CheckAddress("https://[2001:DB8::1]:8443/in", kRules).has_value());
}

TEST(EndpointAddressTest, RefusesOtherHostsWithoutRepeatingThem) {
  for (const char* url : {"https://evil.example.org/", "https://hooks.example.org.evil.org/", "https://127.0.0.1/",
                          "https://hooks.example.org\\@evil.org/"}) {
    const auto checked = CheckAddress(url, kRules);
    ASSERT_FALSE(checked.has_value()) << url;
    EXPECT_EQ(checked.error().message.find("evil"), std::string::npos);
  }
  EXPECT_EQ(CheckAddress("https://evil.example.org/", kRules).error().reason, "HOST_NOT_ALLOWED");
}

struct Wrong {
  std::string url;
  std::string reason;
};
class WrongAddressTest : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongAddressTest, IsInvalid) {
  const auto checked = CheckAddress(GetParam().url, kRules);
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().code, core::Errc::kInvalid);
  EXPECT_EQ(checked.error().reason, GetParam().reason);
  EXPECT_EQ(checked.error().violations.at(0).field, "url");
}

INSTANTIATE_TEST_SUITE_P(Addresses, WrongAddressTest,
                         ::testing::Values(Wrong{"", "URL_SCHEME"}, Wrong{"http://hooks.example.org/", "URL_SCHEME"},
                                           Wrong{"ftp://hooks.example.org/", "URL_SCHEME"},
                                           Wrong{"https://", "URL_FORM"},
                                           Wrong{"https://me:word@hooks.example.org/", "URL_CREDENTIALS"},
                                           Wrong{"https://hooks.example.org/#part", "URL_FORM"},
                                           Wrong{"https://hooks.example.org:80a/", "URL_FORM"},
                                           Wrong{"https://hooks.example.org:/", "URL_FORM"},
                                           Wrong{"https://hooks example.org/", "URL_FORM"},
                                           Wrong{"https://hooks.example.org/\xc4\x81", "URL_FORM"},
                                           Wrong{"https://hooks.example.org/" + std::string(2000, 'a'), "URL_LENGTH"}));

TEST(EndpointAddressTest, AllowsAnyHostAndPlainHttpOnlyInDemos) {
  EXPECT_TRUE(CheckAddress("http://127.0.0.1:17090/in", {{}, true}).has_value());
  EXPECT_FALSE(CheckAddress("file:///etc/hostname", {{}, true}).has_value());
}

}  // namespace
}  // namespace tilts::notification::domain
