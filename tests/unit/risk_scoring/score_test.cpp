#include "risk_scoring/domain/score.hpp"

#include <gtest/gtest.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::Behaved;
using testing::Closed;
using testing::ColdStart;
using testing::ColdStartCard;
using testing::Enrolled;
using testing::kAutumn;
using testing::kSchool;
using testing::Marked;
using testing::Of;
using testing::Regular;
using testing::Repeated;
using testing::SchoolDay;
using testing::StateOf;

Assessment At(const PupilState& state, int days, const CheckedCard& card = ColdStartCard()) {
  const ClosedDays closed = Closed(days);
  return Evaluate(state, SeenAt(closed, card, closed.Latest()->day).value());
}

std::int32_t SumOf(const Assessment& assessment) {
  std::int32_t sum = 0;
  for (const Contribution& contribution : assessment.contributions()) sum += contribution.points;
  return sum;
}

PupilState With(PupilState state, const std::vector<Fact>& facts) {
  for (const Fact& fact : facts) Apply(state, fact);
  return state;
}

TEST(ScoreTest, NothingSeenIsTheFirstTier) {
  const Assessment assessment = At(Regular(20), 20);
  EXPECT_EQ(assessment.abstention, Abstention::kNone);
  EXPECT_EQ(assessment.tier, 1U);
  EXPECT_EQ(assessment.points, 0);
  EXPECT_EQ(assessment.domains, 0U);
  EXPECT_EQ(assessment.factors, 9U);
}

TEST(ScoreTest, ADomainsStrongestFactorCounts) {
  const PupilState state = With(Regular(20), {Attended({.day = SchoolDay(1), .offered = 6, .unexcused = 6}, 2),
                                              Attended({.day = SchoolDay(2), .offered = 6, .unexcused = 6}, 2)});
  const Assessment assessment = At(state, 20);  // 12 of 120 lessons, all unexcused
  EXPECT_EQ(Of(assessment, Measure::kAbsenceShare).bin_points, 5);
  EXPECT_EQ(Of(assessment, Measure::kAbsenceShare).points, 5) << "the first of two equals";
  EXPECT_EQ(Of(assessment, Measure::kUnexcusedLessons).bin_points, 5);
  EXPECT_EQ(Of(assessment, Measure::kUnexcusedLessons).points, 0);
  EXPECT_EQ(assessment.points, 5);
  EXPECT_EQ(assessment.domains, 1U);
  EXPECT_EQ(assessment.tier, 2U) << "by the floors";
}

TEST(ScoreTest, ASummedDomainStopsAtItsCap) {
  const PupilState state = With(Regular(80), {Marked(kAutumn - 100, 2, "MAT", 8), Marked(kAutumn + 100, 1, "MAT", 3),
                                              Marked(kAutumn + 100, 1, "ENG", 3), Marked(kAutumn + 100, 1, "LAT", 3)});
  const Assessment assessment = At(state, 80);
  EXPECT_EQ(Of(assessment, Measure::kFailingSubjects).points, 11);
  EXPECT_EQ(Of(assessment, Measure::kMarkFall).bin_points, 6);
  EXPECT_EQ(Of(assessment, Measure::kMarkFall).points, 1) << "the rest up to the cap";
  EXPECT_EQ(assessment.points, 12);
  EXPECT_EQ(assessment.tier, 2U) << "one domain alone never reaches the third tier";
}

TEST(ScoreTest, ACapHoldsForTheStrongestFactorToo) {
  Card card = ColdStart();
  card.domains[0].cap = 3;
  const CheckedCard checked = CheckedCard::Make(card).value();
  const PupilState state = With(Regular(20), {Attended({.day = SchoolDay(1), .offered = 6, .unexcused = 6}, 2),
                                              Attended({.day = SchoolDay(2), .offered = 6, .unexcused = 6}, 2)});
  const Assessment assessment = At(state, 20, checked);
  EXPECT_EQ(assessment.points, 3);
  EXPECT_EQ(SumOf(assessment), 3);
}

TEST(ScoreTest, TwentyPointsInTwoDomainsAreTheThirdTier) {
  const PupilState state = With(Regular(80), {Repeated(kAutumn), Repeated(kAutumn - 365),
                                              Behaved("1", SchoolDay(70), BehaviourKind::kSuspension)});
  Assessment assessment = At(state, 80);
  EXPECT_EQ(assessment.points, 19);
  EXPECT_EQ(assessment.tier, 2U);
  std::vector<Fact> incidents;
  for (int n = 0; n < 4; ++n) {
    incidents.push_back(Behaved(core::Concat("i", n), SchoolDay(70), BehaviourKind::kIncident));
  }
  assessment = At(With(state, incidents), 80);
  EXPECT_EQ(assessment.points, 21);
  EXPECT_EQ(SumOf(assessment), 21);
  EXPECT_EQ(assessment.domains, 2U);
  EXPECT_EQ(assessment.tier, 3U);
}

TEST(ScoreTest, ARepeatedYearAndFailingAgainAreTheThirdTier) {
  const PupilState state = With(Regular(80), {Repeated(kAutumn), Marked(kAutumn + 100, 1, "MAT", 3)});
  EXPECT_EQ(At(state, 80).points, 13);
  EXPECT_EQ(At(state, 80).tier, 3U);
  EXPECT_EQ(At(With(Regular(80), {Repeated(kAutumn), Marked(kAutumn + 100, 1, "MAT", 4)}), 80).tier, 1U);
}

TEST(AbstentionTest, APupilWhoIsNotEnrolledHasNoScore) {
  PupilState state = Regular(20);
  Apply(state, Enrolled(kAutumn, SchoolDay(18), kSchool, 2));
  const Assessment assessment = At(state, 20);
  EXPECT_EQ(assessment.abstention, Abstention::kNotEnrolled);
  EXPECT_EQ(assessment.tier, 0U);
  EXPECT_EQ(InstitutionOf(state, assessment), "");
}

TEST(AbstentionTest, NewInTheRegisterForTenSchoolDays) {
  EXPECT_EQ(At(Regular(9), 9).abstention, Abstention::kNewInRegister);
  EXPECT_EQ(At(Regular(10), 10).abstention, Abstention::kNone);
}

TEST(AbstentionTest, FewRecordsOfThoseExpectedUpToTheLatest) {
  PupilState state = StateOf({Enrolled(kAutumn)});
  for (int n = 0; n < 20; n += 2) Apply(state, Attended({.day = SchoolDay(n), .offered = 8}));
  EXPECT_EQ(At(state, 20).abstention, Abstention::kFewRecords);  // 10 of 19
  Apply(state, Attended({.day = SchoolDay(1), .offered = 8}));
  EXPECT_EQ(At(state, 20).abstention, Abstention::kFewRecords);  // 11 of 19: 578 per mille
  Apply(state, Attended({.day = SchoolDay(3), .offered = 8}));
  EXPECT_EQ(At(state, 20).abstention, Abstention::kNone);  // 12 of 19: 631 per mille
  EXPECT_EQ(At(state, 40).abstention, Abstention::kNone) << "silence is a factor, not a reason to abstain";
}

TEST(AbstentionTest, FewLessonsObserved) {
  PupilState state = StateOf({Enrolled(kAutumn)});
  EXPECT_EQ(At(state, 20).abstention, Abstention::kFewLessons) << "no record at all";
  for (int n = 0; n < 3; ++n) Apply(state, Attended({.day = SchoolDay(n), .offered = 6}));
  EXPECT_EQ(At(state, 20).abstention, Abstention::kFewLessons);  // 18
  Apply(state, Attended({.day = SchoolDay(3), .offered = 1}));
  EXPECT_EQ(At(state, 20).abstention, Abstention::kFewLessons);  // 19
  Apply(state, Attended({.day = SchoolDay(3), .offered = 2}, 2));
  EXPECT_EQ(At(state, 20).abstention, Abstention::kNone);  // 20
}

TEST(MaterialDigestTest, NamesTheCardTheTierAndTheBinsReached) {
  const PupilState state = With(Regular(80), {Repeated(kAutumn), Marked(kAutumn + 100, 1, "MAT", 3)});
  EXPECT_EQ(MaterialDigest(ColdStartCard(), At(state, 80)),
            core::Hex(core::Sha256("cold-start/1/3/failing-subjects:1/repetition:1"), 8));
}

TEST(SeenAtTest, OnlyClosedDaysAreSeen) {
  const ClosedDays closed = Closed(3);
  EXPECT_EQ(SeenAt(closed, ColdStartCard(), SchoolDay(3)).error().code, core::Errc::kNotFound);
}

}  // namespace
}  // namespace tilts::risk_scoring
