#include "fixture.hpp"

namespace tilts::indicator_aggregation {
namespace {

using codes::v1::CONSULTATION_REASON_BEHAVIOUR;
using codes::v1::CONSULTATION_REASON_VIOLENCE;
constexpr char kRecords[] = "consultations-by-specialist-reason";
constexpr char kLearners[] = "consultation-learners-by-specialist-reason";
constexpr char kBehaviour[] = "SOCIAL_PEDAGOGUE/BEHAVIOUR";
constexpr char kViolence[] = "SOCIAL_PEDAGOGUE/VIOLENCE";

class ValuesTest : public IndicatorTest {
 protected:
  // A referral through its moves, `hours` after each other.
  static std::vector<events::Draft> Lived(const std::string& id, const std::vector<int>& hours) {
    using namespace codes::v1;  // NOLINT(google-build-using-namespace): code lists
    constexpr ReferralMove kMoves[] = {REFERRAL_MOVE_SEND, REFERRAL_MOVE_ACKNOWLEDGE, REFERRAL_MOVE_ACCEPT,
                                       REFERRAL_MOVE_COMPLETE};
    constexpr ReferralState kStates[] = {REFERRAL_STATE_REQUESTED, REFERRAL_STATE_RECEIVED, REFERRAL_STATE_ACCEPTED,
                                         REFERRAL_STATE_COMPLETED};
    referrals::v1::ReferralMoved event;
    event.set_case_id("case-" + id);
    auto& facts = *event.mutable_facts();
    facts.set_referral_id(id);
    facts.set_case_id("case-" + id);
    facts.set_recipient_id("ngo-1");
    facts.set_recipient_kind(INSTITUTION_KIND_NGO);
    facts.set_kind(REFERRAL_KIND_ACT);
    std::vector<events::Draft> drafts;
    core::CityTime at = core::ParseRfc3339("2026-03-02T08:30:00Z").value();
    for (std::size_t i = 0; i < hours.size(); ++i) {
      at += std::chrono::hours(hours[i]);
      event.set_move(kMoves[i]);
      facts.set_state(kStates[i]);
      facts.set_sequence(i + 1);
      drafts.push_back(DraftOf(event, id, i + 1, core::FormatRfc3339(at)));
    }
    return drafts;
  }
};

TEST_F(ValuesTest, ConsultationsCountAsRecordsAndAsLearners) {
  const auto city = NewCity("a");
  ASSERT_TRUE(
      Feed(*city, {Consultation("one", "learner-1", {CONSULTATION_REASON_BEHAVIOUR}),
                   Consultation("two", "learner-1", {CONSULTATION_REASON_BEHAVIOUR, CONSULTATION_REASON_VIOLENCE}),
                   Consultation("three", "learner-2", {CONSULTATION_REASON_BEHAVIOUR}, 1, false, "school-2")}));
  EXPECT_EQ(ValueOf(*city, kRecords, kBehaviour), "3/0");
  EXPECT_EQ(ValueOf(*city, kRecords, kViolence), "1/0");
  EXPECT_EQ(ValueOf(*city, kRecords), "4/0") << "a row per consultation and reason";
  EXPECT_EQ(ValueOf(*city, kLearners, kBehaviour), "2/0");
  EXPECT_EQ(ValueOf(*city, kLearners), "2/0");
  EXPECT_EQ(ValueOf(*city, kLearners, kBehaviour, "school-1"), "1/0");
  EXPECT_EQ(ValueOf(*city, kLearners, kBehaviour, "school-2"), "1/0");
}

TEST_F(ValuesTest, CorrectionAndWithdrawalSubtractExactly) {
  const auto city = NewCity("a");
  const auto fresh = NewCity("fresh");
  const std::string nothing = Digest(*city);
  ASSERT_TRUE(Feed(*city, {Consultation("one", "learner-1", {CONSULTATION_REASON_BEHAVIOUR}),
                           Consultation("two", "learner-1", {CONSULTATION_REASON_BEHAVIOUR})}));
  ASSERT_TRUE(Feed(*city, {Consultation("one", "learner-1", {CONSULTATION_REASON_VIOLENCE}, 2)}));
  EXPECT_EQ(ValueOf(*city, kRecords, kBehaviour), "1/0");
  EXPECT_EQ(ValueOf(*city, kRecords, kViolence), "1/0");
  EXPECT_EQ(ValueOf(*city, kLearners, kBehaviour), "1/0") << "the second consultation still stands";
  ASSERT_TRUE(Feed(*city, {Consultation("two", "learner-1", {CONSULTATION_REASON_BEHAVIOUR}, 2, true)}));
  EXPECT_EQ(ValueOf(*city, kLearners, kBehaviour), "");
  ASSERT_TRUE(Feed(*city, {Consultation("one", "learner-1", {CONSULTATION_REASON_VIOLENCE}, 3, true)}));
  EXPECT_TRUE(Stored(*city).empty());
  EXPECT_EQ(Sql(*city, "SELECT count(*) FROM membership"), "0");
  // An older revision that comes late changes nothing.
  ASSERT_TRUE(Feed(*city, {Consultation("one", "learner-1", {CONSULTATION_REASON_VIOLENCE}, 2)}));
  EXPECT_TRUE(Stored(*city).empty());
}

TEST_F(ValuesTest, InvolvementIsACaseAndAKindAskedToAct) {
  const auto city = NewCity("a");
  using namespace codes::v1;  // NOLINT(google-build-using-namespace): code lists
  ASSERT_TRUE(
      Feed(*city,
           {Sent("r1", "case-1", INSTITUTION_KIND_STATE_POLICE), Sent("r2", "case-1", INSTITUTION_KIND_STATE_POLICE),
            Sent("r3", "case-1", INSTITUTION_KIND_SOCIAL_SERVICE), Sent("r4", "case-2", INSTITUTION_KIND_STATE_POLICE),
            Sent("r5", "case-3", INSTITUTION_KIND_NGO, REFERRAL_KIND_INFORM)}));
  EXPECT_EQ(ValueOf(*city, "involvements-by-kind", "STATE_POLICE"), "2/0");
  EXPECT_EQ(ValueOf(*city, "involvements-by-kind", "SOCIAL_SERVICE"), "1/0");
  EXPECT_EQ(ValueOf(*city, "involvements-by-kind", "NGO"), "") << "a notice involves nobody";
  EXPECT_EQ(ValueOf(*city, "involvements-by-kind"), "3/0");
}

TEST_F(ValuesTest, ReferralFiguresFollowTheReferral) {
  const auto city = NewCity("a");
  referrals::v1::ReferralMoved event;
  event.set_case_id("case-1");
  event.set_move(codes::v1::REFERRAL_MOVE_SEND);
  auto& facts = *event.mutable_facts();
  facts.set_referral_id("r1");
  facts.set_case_id("case-1");
  facts.set_recipient_id("ngo-1");
  facts.set_recipient_kind(codes::v1::INSTITUTION_KIND_NGO);
  facts.set_kind(codes::v1::REFERRAL_KIND_ACT);
  facts.set_sequence(1);
  facts.mutable_answer_due_at()->set_seconds(1'772'445'600);  // 2026-03-02T10:00:00Z
  ASSERT_TRUE(Feed(*city, {DraftOf(event, "r1", 1)}));
  EXPECT_EQ(ValueOf(*city, "referrals-expired", "NGO"), "0/1");
  EXPECT_EQ(ValueOf(*city, "referrals-answered-in-time", "NGO"), "");
  event.set_move(codes::v1::REFERRAL_MOVE_REJECT);
  event.set_reject_reason(codes::v1::REJECT_REASON_AT_CAPACITY);
  facts.set_state(codes::v1::REFERRAL_STATE_REJECTED);
  facts.set_sequence(2);
  ASSERT_TRUE(Feed(*city, {DraftOf(event, "r1", 2, "2026-03-02T10:00:00Z")}));
  EXPECT_EQ(ValueOf(*city, "referrals-answered-in-time", "NGO"), "1/1") << "at the deadline is in time";
  EXPECT_EQ(ValueOf(*city, "referrals-rejected-at-capacity", "NGO"), "1/0");
  event.set_replaced_referral_id("r1");
  event.set_move(codes::v1::REFERRAL_MOVE_SEND);
  event.clear_reject_reason();
  facts.set_referral_id("r2");
  facts.set_sequence(1);
  ASSERT_TRUE(Feed(*city, {DraftOf(event, "r2", 1)}));
  EXPECT_EQ(ValueOf(*city, "referrals-re-routed", "NGO"), "1/0");
  event.set_move(codes::v1::REFERRAL_MOVE_ACCEPT);
  facts.set_sequence(2);
  ASSERT_TRUE(Feed(*city, {DraftOf(event, "r2", 2, "2026-03-02T10:00:01Z")}));
  EXPECT_EQ(ValueOf(*city, "referrals-answered-in-time", "NGO"), "1/2");
  EXPECT_EQ(Stored(*city), Recounted(*city));
}

TEST_F(ValuesTest, MediansOfReferralsAreTheSameInAnyOrder) {
  const auto city = NewCity("a");
  std::vector<events::Draft> drafts, otherwise;
  for (int each = 0; each < 40; ++each) {
    std::vector<int> hours = {each, each % 7, each % 5 * 20, each % 3 * 400};
    hours.resize(static_cast<std::size_t>(1 + each % 4));
    const auto lived = Lived("r" + std::to_string(each), hours);
    drafts.insert(drafts.end(), lived.begin(), lived.end());
    otherwise.insert(otherwise.begin(), lived.begin(), lived.end());
  }
  ASSERT_TRUE(Feed(*city, drafts, 7));
  const auto stored = Stored(*city);
  EXPECT_EQ(stored, Recounted(*city)) << "what SQL takes as the median is what the domain takes";
  EXPECT_EQ(ValueOf(*city, "referral-hours-to-receipt", "NGO"), "3/30");
  EXPECT_EQ(ValueOf(*city, "referral-hours-to-receipt", "", "ngo-1"), "3/30");
  EXPECT_EQ(ValueOf(*city, "referral-hours-to-answer", "NGO"), "41/20");
  EXPECT_EQ(ValueOf(*city, "referral-outcomes-within-30-days", "NGO"), "7/40");
  const std::string digest = Digest(*city);
  const auto other = NewCity("b");
  ASSERT_TRUE(Feed(*other, otherwise, 3));
  ASSERT_TRUE(Feed(*other, drafts, 11));
  EXPECT_EQ(Digest(*other), digest);
}

TEST_F(ValuesTest, AMedianOfNothingIsNotKept) {
  const auto city = NewCity("a");
  const std::string nothing = Digest(*city);
  auto lived = Lived("r", {0, 1, 1});
  ASSERT_TRUE(Feed(*city, lived));
  EXPECT_EQ(ValueOf(*city, "referral-hours-to-answer"), "2/1");
  referrals::v1::ReferralMoved wrong;
  wrong.set_case_id("case-r");
  wrong.set_move(codes::v1::REFERRAL_MOVE_ENTER_IN_ERROR);
  wrong.mutable_facts()->set_referral_id("r");
  wrong.mutable_facts()->set_case_id("case-r");
  wrong.mutable_facts()->set_state(codes::v1::REFERRAL_STATE_ENTERED_IN_ERROR);
  wrong.mutable_facts()->set_sequence(4);
  ASSERT_TRUE(Feed(*city, {DraftOf(wrong, "r", 4)}));
  EXPECT_EQ(ValueOf(*city, "referral-hours-to-answer"), "");
  EXPECT_EQ(Sql(*city, "SELECT count(*) FROM hour_count"), "0");
}

TEST_F(ValuesTest, RetractedLimitCountsNoMore) {
  const auto city = NewCity("a");
  risk::v1::LimitCrossed crossed;
  crossed.set_pupil_id("pupil-1");
  crossed.set_institution_id("school-1");
  crossed.set_school_year("2025/26");
  crossed.set_semester(2);
  crossed.set_crossing(1);
  risk::v1::LimitRetracted retracted;
  retracted.set_pupil_id("pupil-1");
  retracted.set_institution_id("school-1");
  retracted.set_school_year("2025/26");
  retracted.set_semester(2);
  retracted.set_crossing(1);
  ASSERT_TRUE(Feed(*city, {DraftOf(crossed, "pupil-1", 17)}));
  EXPECT_EQ(ValueOf(*city, "unexcused-limit-learners", "", "school-1"), "1/0");
  ASSERT_TRUE(Feed(*city, {DraftOf(retracted, "pupil-1", 33)}));
  EXPECT_EQ(ValueOf(*city, "unexcused-limit-learners"), "");
  crossed.set_crossing(2);
  ASSERT_TRUE(Feed(*city, {DraftOf(crossed, "pupil-1", 49)}));
  EXPECT_EQ(ValueOf(*city, "unexcused-limit-learners"), "1/0");
}

TEST_F(ValuesTest, LeaverIsOneWithoutANewerEnrolment) {
  const auto city = NewCity("a");
  constexpr auto kDropped = codes::v1::ENROLMENT_END_REASON_DROPPED_OUT;
  ASSERT_TRUE(
      Feed(*city, {Enrolment("e1", "pupil-1", 1, kMonday - 100, kMonday - 10, kDropped), Enrolment("e2", "pupil-2")}));
  EXPECT_EQ(ValueOf(*city, "early-leavers-basic"), "1/2");
  EXPECT_EQ(ValueOf(*city, "early-leavers-basic", "", "school-1"), "1/2");
  ASSERT_TRUE(Feed(
      *city, {Enrolment("e3", "pupil-1", 1, kMonday - 5, 0, codes::v1::ENROLMENT_END_REASON_UNSPECIFIED, "school-2")}));
  EXPECT_EQ(ValueOf(*city, "early-leavers-basic"), "0/2") << "found another school";
  EXPECT_EQ(ValueOf(*city, "early-leavers-basic", "", "school-1"), "0/2");
  EXPECT_EQ(Stored(*city), Recounted(*city));
}

TEST_F(ValuesTest, OpenEnrolmentCountsInEveryYearThatBegan) {
  const auto city = NewCity("a");
  ASSERT_TRUE(Feed(*city, {Enrolment("e1", "pupil-1"), Closed(kMonday)}));
  EXPECT_EQ(ValueOf(*city, "learners"), "1/0");
  EXPECT_EQ(ValueOf(*city, "learners", "", "", "2026/27"), "");
  ASSERT_TRUE(Feed(*city, {Closed(kMonday + 200)}));
  EXPECT_EQ(ValueOf(*city, "learners", "", "", "2026/27"), "1/0");
  ASSERT_TRUE(Feed(
      *city, {Enrolment("e1", "pupil-1", 2, kMonday - 100, kMonday + 10, codes::v1::ENROLMENT_END_REASON_GRADUATED)}));
  EXPECT_EQ(ValueOf(*city, "learners", "", "", "2026/27"), "");
  EXPECT_EQ(ValueOf(*city, "learners"), "1/0");
}

}  // namespace
}  // namespace tilts::indicator_aggregation
