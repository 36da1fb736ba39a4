#include <gmock/gmock.h>
#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/notification/v1/notification_service.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include "gateway/app/transcoding.hpp"
#include "routes.hpp"

namespace tilts::gateway {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

HttpInput Json(std::string body) {
  HttpInput input;
  input.content_type = "application/json; charset=utf-8";
  input.body = std::move(body);
  return input;
}

HttpInput Query(std::vector<std::pair<std::string, std::string>> query) {
  HttpInput input;
  input.query = std::move(query);
  return input;
}

template <typename T>
T Build(const std::string& method, const std::string& path, const HttpInput& input) {
  const RouteMatch match = Find(method, path);
  const auto message = BuildRequest(*match.route, match.variables, input);
  EXPECT_TRUE(message.has_value()) << (message ? "" : message.error().message);
  T typed;
  if (message) typed.CopyFrom(**message);
  return typed;
}

std::vector<std::string> FaultsOf(const std::string& method, const std::string& path, const HttpInput& input) {
  const RouteMatch match = Find(method, path);
  const auto message = BuildRequest(*match.route, match.variables, input);
  std::vector<std::string> faults;
  if (message) return faults;
  EXPECT_EQ(message.error().code, core::Errc::kInvalid);
  for (const auto& violation : message.error().violations) faults.push_back(violation.field + " " + violation.code);
  if (faults.empty()) faults.push_back(message.error().reason);
  return faults;
}

TEST(RequestTranscodingTest, FillsTheMessageFromTheBody) {
  const auto request = Build<intake::v1::ReportConcernRequest>(
      "POST", "/v1/reports",
      Json(R"({"request_id": "k1", "stream": "STREAM_VIOLENCE", "concerns": ["CONCERN_CODE_PHYSICAL"], "level": 2,
               "people": [{"role": "PERSON_ROLE_VICTIM", "identifiers": [{"value": "1"}]}],
               "occurred_at": "2026-03-02T08:30:00+02:00"})"));
  EXPECT_EQ(request.request_id(), "k1");
  EXPECT_EQ(request.stream(), codes::v1::STREAM_VIOLENCE);
  EXPECT_EQ(request.people(0).identifiers(0).value(), "1");
  EXPECT_EQ(request.occurred_at().seconds(), 1772433000);
}

TEST(RequestTranscodingTest, NamesEveryUnknownFieldWithItsPath) {
  EXPECT_THAT(
      FaultsOf("POST", "/v1/reports", Json(R"({"nope": 1, "people": [{}, {"identifiers": [{"valeu": "x"}]}]})")),
      UnorderedElementsAre("nope UNKNOWN_FIELD", "people[1].identifiers[0].valeu UNKNOWN_FIELD"));
}

TEST(RequestTranscodingTest, BindsThePathAndLetsTheBodyRepeatIt) {
  EXPECT_EQ(
      Build<referrals::v1::AcceptReferralRequest>("POST", "/v1/referrals/r%201:accept", Json(R"({"role": "duty"})"))
          .referral_id(),
      "r 1");
  EXPECT_EQ(
      Build<referrals::v1::AcceptReferralRequest>("POST", "/v1/referrals/r1:accept", Json(R"({"referral_id": "r1"})"))
          .referral_id(),
      "r1");
  EXPECT_THAT(FaultsOf("POST", "/v1/referrals/r1:accept", Json(R"({"referral_id": "r2"})")),
              ElementsAre("referral_id PATH_BODY_MISMATCH"));
}

TEST(RequestTranscodingTest, ReadsQueryParametersOfEveryKind) {
  const auto request = Build<referrals::v1::ListReferralsRequest>(
      "GET", "/v1/referrals",
      Query({{"page_size", "20"}, {"state", "REFERRAL_STATE_ACCEPTED"}, {"onlyOpen", "true"}, {"page_token", "a b"}}));
  EXPECT_EQ(request.page_size(), 20u);
  EXPECT_EQ(request.state(), codes::v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_TRUE(request.only_open());
  EXPECT_EQ(request.page_token(), "a b");
}

TEST(RequestTranscodingTest, NamesEveryWrongQueryParameter) {
  EXPECT_THAT(FaultsOf("GET", "/v1/referrals",
                       Query({{"page_size", "-1"},
                              {"state", "ACCEPTED"},
                              {"only_open", "yes"},
                              {"colour", "red"},
                              {"an odd name", "x"},
                              {"case_id", "a"},
                              {"case_id", "b"}})),
              UnorderedElementsAre("page_size VALUE_RANGE", "state UNKNOWN_CODE", "only_open VALUE_TYPE",
                                   "colour UNKNOWN_FIELD", "? UNKNOWN_FIELD", "case_id VALUE_REPEATED"));
}

TEST(RequestTranscodingTest, TakesNoQueryBesideABodyAndNoBodyBesideAQuery) {
  HttpInput both = Json("{}");
  both.query = {{"level", "2"}};
  EXPECT_THAT(FaultsOf("POST", "/v1/reports", both), ElementsAre("level UNKNOWN_FIELD"));
  EXPECT_THAT(FaultsOf("GET", "/v1/referrals", Json("{}")), ElementsAre(" BODY_FORBIDDEN"));
}

TEST(RequestTranscodingTest, DoesNotLetTheQueryRenameThePath) {
  EXPECT_THAT(FaultsOf("GET", "/v1/cases/c1", Query({{"case_id", "c2"}})), ElementsAre("case_id VALUE_REPEATED"));
}

TEST(RequestTranscodingTest, RefusesABodyThatIsNotJson) {
  HttpInput form = Json("a=b");
  form.content_type = "application/x-www-form-urlencoded";
  EXPECT_THAT(FaultsOf("POST", "/v1/reports", form), ElementsAre("CONTENT_TYPE"));
  EXPECT_THAT(FaultsOf("POST", "/v1/reports", Json("{")), ElementsAre(" JSON_SYNTAX"));
}

TEST(RequestTranscodingTest, AcceptsAnEmptyBodyWhereAllFieldsStandElsewhere) {
  HttpInput input;
  input.idempotency_key = "k9";
  const auto request = Build<referrals::v1::StartReferralRequest>("POST", "/v1/referrals/r1:start", input);
  EXPECT_EQ(request.request_id(), "k9");
  EXPECT_EQ(request.referral_id(), "r1");
}

TEST(RequestTranscodingTest, FillsRequestIdFromTheIdempotencyKey) {
  HttpInput input = Json("{}");
  input.idempotency_key = "k1";
  EXPECT_EQ(Build<intake::v1::ReportConcernRequest>("POST", "/v1/reports", input).request_id(), "k1");
  input.body = R"({"request_id": "k1"})";
  EXPECT_EQ(Build<intake::v1::ReportConcernRequest>("POST", "/v1/reports", input).request_id(), "k1");
  input.body = R"({"request_id": "k2"})";
  EXPECT_THAT(FaultsOf("POST", "/v1/reports", input), ElementsAre("request_id HEADER_BODY_MISMATCH"));
}

TEST(RequestTranscodingTest, FillsEtagFromIfMatch) {
  HttpInput input = Json("{}");
  input.if_match = "\"7\"";
  EXPECT_EQ(Build<intake::v1::CloseCaseRequest>("POST", "/v1/cases/c1:close", input).etag(), "7");
  input.if_match = "*";
  EXPECT_EQ(Build<intake::v1::CloseCaseRequest>("POST", "/v1/cases/c1:close", input).etag(), "");
  for (const char* wrong : {"7", "W/\"7\"", "\"7\", \"8\"", "\"\""}) {
    input.if_match = wrong;
    EXPECT_THAT(FaultsOf("POST", "/v1/cases/c1:close", input), ElementsAre("If-Match VALUE_INVALID")) << wrong;
  }
}

TEST(RequestTranscodingTest, KeepsPersonalDataOutOfUrls) {
  // No GET of ours has such a field; the rule is tried with one that binds no body.
  Route route = *Find("POST", "/v1/reports").route;
  route.body = BodyUse::kNone;
  const auto message = BuildRequest(route, {}, Query({{"description", "text"}}));
  ASSERT_FALSE(message.has_value());
  EXPECT_EQ(message.error().violations.at(0).code, "QUERY_FORBIDDEN");
}

TEST(RequestTranscodingTest, BindsABodyToOneField) {
  Route route = *Find("PUT", "/v1/institutions/i1").route;
  route.body = BodyUse::kField;
  route.body_field = registry::v1::PutInstitutionRequest::descriptor()->FindFieldByName("institution");
  HttpInput input = Json(R"({"name_en": "N"})");
  input.query = {{"request_id", "k"}};
  const auto message = BuildRequest(route, {{"institution_id", "i1"}}, input);
  ASSERT_TRUE(message.has_value());
  registry::v1::PutInstitutionRequest request;
  request.CopyFrom(**message);
  EXPECT_EQ(request.institution().name_en(), "N");
  EXPECT_EQ(request.institution_id(), "i1");
  EXPECT_EQ(request.request_id(), "k");
}

}  // namespace
}  // namespace tilts::gateway
