#include "auth/api_key.hpp"

#include <gtest/gtest.h>

namespace tilts::auth {
namespace {

TEST(ApiKeyTest, ComesBackFromItsText) {
  for (int i = 0; i < 200; ++i) {  // secrets hold underscores now and then
    const ApiKey key = NewApiKey();
    const auto back = ParseApiKey(FormatApiKey(key));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->key_id, key.key_id);
    EXPECT_EQ(back->secret, key.secret);
    EXPECT_TRUE(ApiKeyMatches(*back, ApiKeySecretHash(key.secret)));
  }
}

TEST(ApiKeyTest, RefusesAnythingElseWithoutRepeatingIt) {
  const std::string good = FormatApiKey(NewApiKey());
  for (const std::string& text :
       {std::string(), std::string("tk_"), good.substr(1), good + "A", good.substr(0, good.size() - 1),
        "tk__" + good.substr(20), std::string("tk_UPPERCASE0000000_") + good.substr(20),
        good.substr(0, good.size() - 1) + "!"}) {
    const auto key = ParseApiKey(text);
    ASSERT_FALSE(key.has_value()) << text;
    EXPECT_EQ(key.error().message.find("tk_"), std::string::npos);
  }
}

TEST(ApiKeyTest, DoesNotMatchAnotherSecret) {
  EXPECT_FALSE(ApiKeyMatches(NewApiKey(), ApiKeySecretHash(NewApiKey().secret)));
  EXPECT_FALSE(ApiKeyMatches(NewApiKey(), ""));
}

}  // namespace
}  // namespace tilts::auth
