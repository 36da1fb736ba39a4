#include "rpc/trace_context.hpp"

#include <gtest/gtest.h>

namespace tilts::rpc {
namespace {

constexpr std::string_view kGiven = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

TEST(TraceContextTest, KeepsTraceAndFlagsWithFreshSpanWhenIncomingIsValid) {
  const std::string next = NextTraceparent(kGiven);
  EXPECT_TRUE(IsTraceparent(next));
  EXPECT_EQ(TraceIdOf(next), TraceIdOf(kGiven));
  EXPECT_NE(SpanIdOf(next), SpanIdOf(kGiven));
  EXPECT_EQ(next.substr(52), "-00");
}

TEST(TraceContextTest, BeginsTraceWhenIncomingIsMissingOrMalformed) {
  for (const std::string_view bad : {"", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-x",
                                     "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                     "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(IsTraceparent(bad));
    EXPECT_TRUE(IsTraceparent(NextTraceparent(bad)));
  }
  EXPECT_NE(NextTraceparent(""), NextTraceparent(""));
}

}  // namespace
}  // namespace tilts::rpc
