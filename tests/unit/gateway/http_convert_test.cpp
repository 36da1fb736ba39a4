#include "gateway/adapters/http_convert.hpp"

#include <gtest/gtest.h>

namespace tilts::gateway {
namespace {

TEST(HttpConvertTest, PassesOnOnlyTheHeadersThatSayWhoCalls) {
  const http::Headers headers{{"Authorization", "Bearer k"}, {"Tilts-Institution", "i"}, {"TILTS-ROLE", "r"},
                              {"tilts-principal", "forged"}, {"tilts-call-id", "x"},     {"Cookie", "c"}};
  EXPECT_EQ(ToMetadata(headers),
            (rpc::Metadata{{"authorization", "Bearer k"}, {"tilts-institution", "i"}, {"tilts-role", "r"}}));
}

TEST(HttpConvertTest, KeepsARepeatedHeaderSoThatItCanBeRefused) {
  EXPECT_EQ(ToMetadata({{"Tilts-Institution", "a"}, {"tilts-institution", "b"}}).count("tilts-institution"), 2u);
}

TEST(HttpConvertTest, RefusesABrokenEscape) {
  EXPECT_FALSE(ToRequestPath("/v1/cases/%zz").has_value());
  EXPECT_FALSE(ToRequestPath("/v1/cases/%00").has_value());
}

TEST(HttpConvertTest, ReadsTheConditionalHeaders) {
  http::Request request;
  request.headers = {{"idempotency-key", "k1"}, {"IF-MATCH", "\"v1\""}, {"content-type", "Application/JSON"}};
  const HttpInput input = ToInput(request);
  EXPECT_EQ(input.idempotency_key, "k1");
  EXPECT_EQ(input.if_match, "\"v1\"");
  EXPECT_EQ(input.content_type, "application/json");
}

}  // namespace
}  // namespace tilts::gateway
