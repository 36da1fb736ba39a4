#include "http/message.hpp"

#include <gtest/gtest.h>

namespace tilts::http {
namespace {

TEST(HeadersTest, FindsFieldWhenCaseDiffers) {
  Headers headers{{"Content-Type", "text/plain"}};
  EXPECT_EQ(headers.Find("content-TYPE"), "text/plain");
  headers.Set("CONTENT-type", "application/json");
  EXPECT_EQ(headers.all().size(), 1U);
  EXPECT_EQ(headers.Find("Content-Type"), "application/json");
  EXPECT_EQ(headers.Find("Accept"), std::nullopt);
}

TEST(TargetTest, DecodesQueryAndKeepsPathWhenEscaped) {
  Request request;
  ASSERT_TRUE(ParseTarget("/v1/feed%2Fa?cursor=a%2Bb&text=x+y&flag&=z", request).has_value());
  EXPECT_EQ(request.path, "/v1/feed%2Fa");
  EXPECT_EQ(request.QueryValue("cursor"), "a+b");
  EXPECT_EQ(request.QueryValue("text"), "x y");
  EXPECT_EQ(request.QueryValue("flag"), "");
  EXPECT_EQ(request.QueryValue("none"), std::nullopt);
  EXPECT_EQ(request.query.size(), 4U);
}

class BadTargetTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BadTargetTest, IsRefusedAsInvalid) {
  Request request;
  const auto parsed = ParseTarget(GetParam(), request);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code, core::Errc::kInvalid);
}

INSTANTIATE_TEST_SUITE_P(Targets, BadTargetTest,
                         ::testing::Values("", "v1", "/a?b=%", "/a?b=%4", "/a?b=%zz", "/a?b=%00", "/a?%1=c"));

TEST(FieldTest, IsUnsafeWhenItBreaksTheLine) {
  EXPECT_TRUE(IsSafeField("X-Id", "a b"));
  EXPECT_FALSE(IsSafeField("X-Id", "a\r\nb: c"));
  EXPECT_FALSE(IsSafeField("X Id", "a"));
  EXPECT_FALSE(IsSafeField("", "a"));
}

}  // namespace
}  // namespace tilts::http
