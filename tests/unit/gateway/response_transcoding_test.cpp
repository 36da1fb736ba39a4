#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include "gateway/app/transcoding.hpp"
#include "routes.hpp"

namespace tilts::gateway {
namespace {

TEST(ResponseTranscodingTest, WritesJsonWithContractNamesAndTheObjectsEtag) {
  intake::v1::GetCaseResponse response;
  response.mutable_case_file()->set_case_id("c1");
  response.mutable_case_file()->set_etag("7");
  const auto output = BuildResponse(*Find("GET", "/v1/cases/c1").route, response.SerializeAsString());
  ASSERT_TRUE(output.has_value());
  EXPECT_EQ(output->json, R"({"case_file":{"case_id":"c1","etag":"7"}})");
  EXPECT_EQ(output->etag, "\"7\"");
}

TEST(ResponseTranscodingTest, GivesNoEtagToAList) {
  intake::v1::ListCasesResponse response;
  response.add_cases()->set_etag("7");
  EXPECT_EQ(BuildResponse(*Find("GET", "/v1/cases").route, response.SerializeAsString())->etag, "");
}

TEST(ResponseTranscodingTest, WritesAnEmptyListAsOne) {
  EXPECT_EQ(BuildResponse(*Find("GET", "/v1/cases").route, "")->json, R"({"cases":[]})");
  EXPECT_EQ(BuildResponse(*Find("GET", "/v1/feed").route, "")->json, R"({"items":[]})");
}

TEST(ResponseTranscodingTest, WritesAnEmptyAnswerAsAnEmptyObject) {
  EXPECT_EQ(BuildResponse(*Find("GET", "/v1/cases/c1").route, "")->json, "{}");
}

TEST(ResponseTranscodingTest, RefusesBytesThatAreNotTheAnswer) {
  const auto output = BuildResponse(*Find("GET", "/v1/cases/c1").route, "\x0a\xff");
  ASSERT_FALSE(output.has_value());
  EXPECT_EQ(output.error().code, core::Errc::kCorrupt);
}

}  // namespace
}  // namespace tilts::gateway
