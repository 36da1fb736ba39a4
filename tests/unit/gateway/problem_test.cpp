#include "gateway/app/problem.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tilts::gateway {
namespace {

using core::Errc;

int StatusOf(Errc code, const std::string& reason = "") {
  return ToProblem({code, "m", reason, {}, 0}, "call").status;
}

TEST(ProblemTest, GivesEachErrorItsStatus) {
  EXPECT_EQ(StatusOf(Errc::kInvalid), 400);
  EXPECT_EQ(StatusOf(Errc::kInvalid, "CONTENT_TYPE"), 415);
  EXPECT_EQ(StatusOf(Errc::kNotFound), 404);
  EXPECT_EQ(StatusOf(Errc::kAlreadyExists), 409);
  EXPECT_EQ(StatusOf(Errc::kAlreadyExists, "IDEMPOTENCY_BODY"), 422);
  EXPECT_EQ(StatusOf(Errc::kRefused, "REFERRAL_STATE"), 409);
  EXPECT_EQ(StatusOf(Errc::kDenied), 403);
  EXPECT_EQ(StatusOf(Errc::kUnauthenticated), 401);
  EXPECT_EQ(StatusOf(Errc::kConflict, "IDEMPOTENCY_IN_FLIGHT"), 409);
  EXPECT_EQ(StatusOf(Errc::kConflict, "ETAG"), 412);
  EXPECT_EQ(StatusOf(Errc::kUnavailable), 503);
  EXPECT_EQ(StatusOf(Errc::kTimeout), 504);
  EXPECT_EQ(StatusOf(Errc::kOverloaded), 503);
  EXPECT_EQ(StatusOf(Errc::kOverloaded, "RATE_LIMIT"), 429);
  EXPECT_EQ(StatusOf(Errc::kCorrupt), 500);
  EXPECT_EQ(StatusOf(Errc::kInternal), 500);
}

TEST(ProblemTest, CarriesReasonViolationsAndCallId) {
  const Problem problem =
      ToProblem({Errc::kInvalid, "Correct it.", "REPORT_INVALID", {{"level", "RANGE", "0 to 3"}}, 0}, "c7");
  const auto body = nlohmann::json::parse(problem.body);
  EXPECT_EQ(body["type"], "urn:tilts:problem:REPORT_INVALID");
  EXPECT_EQ(body["status"], 400);
  EXPECT_EQ(body["detail"], "Correct it.");
  EXPECT_EQ(body["instance"], "urn:tilts:call:c7");
  EXPECT_EQ(body["code"], "INVALID");
  EXPECT_EQ(body["reason"], "REPORT_INVALID");
  EXPECT_EQ(body["violations"][0], (nlohmann::json{{"field", "level"}, {"code", "RANGE"}, {"message", "0 to 3"}}));
}

TEST(ProblemTest, SaysWhenToComeBackOnlyWhereThatHelps) {
  EXPECT_EQ(ToProblem({Errc::kUnavailable, "m", "", {}, 0}, "c").retry_after_seconds, 1);
  EXPECT_EQ(ToProblem({Errc::kUnavailable, "m", "", {}, 30}, "c").retry_after_seconds, 30);
  EXPECT_EQ(ToProblem({Errc::kConflict, "m", "IDEMPOTENCY_IN_FLIGHT", {}, 0}, "c").retry_after_seconds, 1);
  EXPECT_EQ(ToProblem({Errc::kDenied, "m", "", {}, 0}, "c").retry_after_seconds, 0);
}

TEST(ProblemTest, ShowsNothingOfOurOwnFaults) {
  EXPECT_EQ(ToProblem({Errc::kInternal, "table person row 7", "", {}, 0}, "c").body.find("person"), std::string::npos);
}

TEST(ProblemTest, SurvivesTextThatIsNotUtf8) {
  EXPECT_TRUE(nlohmann::json::accept(ToProblem({Errc::kInvalid, "\xff", "", {}, 0}, "c").body));
}

}  // namespace
}  // namespace tilts::gateway
