#include "notification/domain/response.hpp"

#include <gtest/gtest.h>

namespace tilts::notification::domain {
namespace {

using std::chrono::seconds;

struct Case {
  int status;
  Verdict verdict;
  std::string failure;
};
class AnswerTest : public ::testing::TestWithParam<Case> {};

TEST_P(AnswerTest, IsJudgedByItsStatus) {
  Attempt attempt;
  attempt.status = GetParam().status;
  EXPECT_EQ(Judge(attempt), (Judgement{GetParam().verdict, GetParam().failure}));
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, AnswerTest,
    ::testing::Values(Case{200, Verdict::kDelivered, ""}, Case{204, Verdict::kDelivered, ""},
                      Case{299, Verdict::kDelivered, ""}, Case{301, Verdict::kRetry, "REDIRECT"},
                      Case{304, Verdict::kRetry, "REDIRECT"}, Case{400, Verdict::kRetry, "HTTP_400"},
                      Case{404, Verdict::kRetry, "HTTP_404"}, Case{410, Verdict::kGone, "GONE"},
                      Case{429, Verdict::kThrottle, "HTTP_429"}, Case{500, Verdict::kRetry, "HTTP_500"},
                      Case{502, Verdict::kThrottle, "HTTP_502"}, Case{503, Verdict::kThrottle, "HTTP_503"},
                      Case{504, Verdict::kThrottle, "HTTP_504"}, Case{0, Verdict::kRetry, "HTTP_0"}));

TEST(JudgeTest, RetriesWhenNoAnswerCame) {
  EXPECT_EQ(Judge({Attempt::Kind::kTimeout, 200, {}}), (Judgement{Verdict::kRetry, "TIMEOUT"}));
  EXPECT_EQ(Judge({Attempt::Kind::kUnreachable, 0, {}}), (Judgement{Verdict::kRetry, "UNREACHABLE"}));
  EXPECT_EQ(Judge({Attempt::Kind::kAddressRefused, 0, {}}), (Judgement{Verdict::kRetry, "ADDRESS_REFUSED"}));
  EXPECT_EQ(Judge({Attempt::Kind::kNotSigned, 0, {}}), (Judgement{Verdict::kRetry, "NOT_SIGNED"}));
}

TEST(RetryAfterTest, ReadsSecondsAndDates) {
  const auto now = core::ParseRfc3339("2026-03-02T08:30:00Z").value();
  EXPECT_EQ(ParseRetryAfter("120", now), seconds(120));
  EXPECT_EQ(ParseRetryAfter("0", now), seconds(0));
  EXPECT_EQ(ParseRetryAfter("Mon, 02 Mar 2026 08:31:30 GMT", now), seconds(90));
  EXPECT_EQ(ParseRetryAfter("Mon, 02 Mar 2026 08:00:00 GMT", now), seconds(0));
}

TEST(RetryAfterTest, IgnoresWhatIsNeither) {
  const auto now = core::ParseRfc3339("2026-03-02T08:30:00Z").value();
  for (const char* text :
       {"", "-1", "1.5", "soon", "999999999999", "Mon, 31 Feb 2026 08:31:30 GMT", "Mon, 02 Mar 2026 08:31:30 EET"}) {
    EXPECT_EQ(ParseRetryAfter(text, now), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace tilts::notification::domain
