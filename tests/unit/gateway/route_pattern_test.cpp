#include "gateway/app/route_pattern.hpp"

#include <gtest/gtest.h>

#include "gateway/adapters/http_convert.hpp"

namespace tilts::gateway {
namespace {

std::optional<PathVariables> Match(const char* pattern, const char* path) {
  return RoutePattern::Parse(pattern)->Match(*ToRequestPath(path));
}

TEST(RoutePatternTest, MatchesLiteralsExactly) {
  EXPECT_TRUE(Match("/v1/reports", "/v1/reports"));
  EXPECT_FALSE(Match("/v1/reports", "/v1/report"));
  EXPECT_FALSE(Match("/v1/reports", "/v1/reports/"));
  EXPECT_FALSE(Match("/v1/reports", "/v1"));
  EXPECT_FALSE(Match("/v1/reports", "//v1/reports"));
}

TEST(RoutePatternTest, TakesOneDecodedSegmentPerVariable) {
  const auto found = Match("/v1/audit/chains/{chain_id}/entries", "/v1/audit/chains/case-intake.p%2Fmp/entries");
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, (PathVariables{{"chain_id", "case-intake.p/mp"}}));
  EXPECT_FALSE(Match("/v1/audit/chains/{chain_id}/entries", "/v1/audit/chains//entries"));
}

TEST(RoutePatternTest, TakesAVerbOffOnlyWhereTheRouteHasOne) {
  EXPECT_EQ(*Match("/v1/referrals/{referral_id}:accept", "/v1/referrals/r1:accept"),
            (PathVariables{{"referral_id", "r1"}}));
  EXPECT_EQ(*Match("/v1/referrals/{referral_id}:accept", "/v1/referrals/a:b:accept"),
            (PathVariables{{"referral_id", "a:b"}}));
  EXPECT_FALSE(Match("/v1/referrals/{referral_id}:accept", "/v1/referrals/r1:reject"));
  EXPECT_FALSE(Match("/v1/referrals/{referral_id}:accept", "/v1/referrals/r1"));
  EXPECT_FALSE(Match("/v1/referrals/{referral_id}:accept", "/v1/referrals/r1%3Aaccept"));
  EXPECT_FALSE(Match("/v1/referrals/{referral_id}:accept", "/v1/referrals/:accept"));
  EXPECT_EQ(*Match("/v1/referrals/{referral_id}", "/v1/referrals/r1:accept"),
            (PathVariables{{"referral_id", "r1:accept"}}));
}

TEST(RoutePatternTest, RefusesTemplatesItCouldNotMatch) {
  for (const char* text :
       {"", "/", "v1", "/v1//x", "/v1/{}", "/v1/{a=*}", "/v1/**", "/v1/{A}", "/v1/x:", "/v1/a{b}", "/v1/{a.}"}) {
    EXPECT_FALSE(RoutePattern::Parse(text).has_value()) << text;
  }
}

TEST(RoutePatternTest, HasOneShapeWhateverItsVariablesAreCalled) {
  EXPECT_EQ(RoutePattern::Parse("/v1/cases/{case_id}:close")->Shape(),
            RoutePattern::Parse("/v1/cases/{id}:close")->Shape());
  EXPECT_NE(RoutePattern::Parse("/v1/cases/{case_id}")->Shape(), RoutePattern::Parse("/v1/cases/{id}:close")->Shape());
}

}  // namespace
}  // namespace tilts::gateway
