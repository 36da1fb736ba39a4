#include "rpc/error_codec.hpp"

#include <gtest/gtest.h>

namespace tilts::rpc {
namespace {

class ErrorCodecTest : public ::testing::TestWithParam<core::Errc> {};

TEST_P(ErrorCodecTest, ComesBackWholeWhenEncoded) {
  const core::Error error{GetParam(), "message", "REASON", {{"f", "C", "m"}, {"g", "D", "n"}}, 3};
  const auto decoded = DecodeError(EncodeError(error));
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(*decoded, error);
}

INSTANTIATE_TEST_SUITE_P(Codes, ErrorCodecTest,
                         ::testing::Values(core::Errc::kInvalid, core::Errc::kNotFound, core::Errc::kAlreadyExists,
                                           core::Errc::kRefused, core::Errc::kDenied, core::Errc::kUnauthenticated,
                                           core::Errc::kConflict, core::Errc::kUnavailable, core::Errc::kTimeout,
                                           core::Errc::kOverloaded, core::Errc::kCorrupt, core::Errc::kInternal));

TEST(ErrorDetailTest, IsCorruptWhenBytesAreForeign) {
  EXPECT_EQ(DecodeError("").error().code, core::Errc::kCorrupt);
  EXPECT_EQ(DecodeError("\xff\xff\xff").error().code, core::Errc::kCorrupt);
}

}  // namespace
}  // namespace tilts::rpc
