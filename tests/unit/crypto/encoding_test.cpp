#include "crypto/encoding.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/random.hpp"

namespace tilts::crypto {
namespace {

TEST(EncodingTest, Base64FollowsTheVectorsOfRfc4648) {
  EXPECT_EQ(ToBase64(""), "");
  EXPECT_EQ(ToBase64("f"), "Zg==");
  EXPECT_EQ(ToBase64("fo"), "Zm8=");
  EXPECT_EQ(ToBase64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(ToBase64Url("\xff\xfe\xfd\xfc"), "__79_A");
  EXPECT_EQ(ToBase32("foobar"), "mzxw6ytboi");
  EXPECT_EQ(ToHex(std::string("\x00\xab", 2)), "00ab");
}

TEST(EncodingTest, DecodersTakeBackWhatEncodersGive) {
  for (std::size_t length = 0; length < 70; ++length) {
    const std::string bytes = RandomBytes(length);
    EXPECT_EQ(*FromHex(ToHex(bytes)), bytes);
    EXPECT_EQ(*FromBase64(ToBase64(bytes)), bytes);
    EXPECT_EQ(*FromBase64Url(ToBase64Url(bytes)), bytes);
  }
}

TEST(EncodingTest, RefusedWhenTheTextIsNotTheOneSpelling) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v=", "====", "Zg==Zg==", "Zm 9", "Zm9v\n"}) {
    EXPECT_FALSE(FromBase64(text)) << text;
  }
  EXPECT_FALSE(FromBase64Url("__79_B"));
  EXPECT_FALSE(FromHex("0"));
  EXPECT_FALSE(FromHex("0G"));
}

TEST(RandomTest, IdsAreDistinctAndFitAnyKey) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(RandomId());
  EXPECT_EQ(ids.size(), 1000U);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), kIdCharacters);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567"), std::string::npos);
  }
}

}  // namespace
}  // namespace tilts::crypto
