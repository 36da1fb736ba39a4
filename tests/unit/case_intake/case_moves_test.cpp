#include "case_intake/domain/case_moves.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain_samples.hpp"

namespace tilts::case_intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kNow;

Case CaseIn(CaseState state, std::uint32_t open_referrals = 0) {
  Case result;
  result.id = core::CaseId("case-1");
  result.state = state;
  result.facts.level = 1;
  result.open_referrals = open_referrals;
  result.sequence = 4;
  result.version = 7;
  return result;
}

TEST(AvailableMovesTest, FollowStateLevelAndReferrals) {
  EXPECT_THAT(AvailableMoves(CaseIn(CaseState::kOpen)), ElementsAre("RAISE_LEVEL", "CLOSE"));
  EXPECT_THAT(AvailableMoves(CaseIn(CaseState::kInCooperation, 1)), ElementsAre("RAISE_LEVEL"));
  Case highest = CaseIn(CaseState::kMonitoring);
  highest.facts.level = 3;
  EXPECT_THAT(AvailableMoves(highest), ElementsAre("CLOSE"));
  for (const CaseState ended : {CaseState::kClosed, CaseState::kMerged, CaseState::kEnteredInError}) {
    EXPECT_THAT(AvailableMoves(CaseIn(ended)), IsEmpty());
  }
}

TEST(EtagTest, RefusesAStaleOrMissingOne) {
  const Case current = CaseIn(CaseState::kOpen);
  EXPECT_TRUE(CheckEtag(current, Etag(current)));
  EXPECT_EQ(CheckEtag(current, "6").error().reason, "ETAG_MISMATCH");
  EXPECT_EQ(CheckEtag(current, "").error().code, core::Errc::kInvalid);
}

TEST(RaiseLevelTest, OnlyUpwards) {
  const core::Result<Decision> raised = RaiseLevel(CaseIn(CaseState::kOpen), 3);
  ASSERT_TRUE(raised);
  EXPECT_EQ(raised->after.facts.level, 3u);
  EXPECT_EQ(raised->after.version, 8u);
  EXPECT_EQ(std::get<CaseFactsChanged>(raised->events.at(0).body).facts.level, 3u);
  EXPECT_EQ(RaiseLevel(CaseIn(CaseState::kOpen), 1).error().reason, "LEVEL_NOT_HIGHER");
  EXPECT_EQ(RaiseLevel(CaseIn(CaseState::kOpen), 0).error().code, core::Errc::kInvalid);
  EXPECT_EQ(RaiseLevel(CaseIn(CaseState::kOpen), 4).error().code, core::Errc::kInvalid);
  EXPECT_EQ(RaiseLevel(CaseIn(CaseState::kClosed), 3).error().reason, "CASE_STATE");
}

TEST(CloseCaseTest, TellsEveryReporterTheOutcome) {
  const std::vector<AttachedReport> reports{{core::ReportId("r1"), core::InstitutionId("a")},
                                            {core::ReportId("r2"), core::InstitutionId("b")}};
  const core::Result<Decision> closed = CloseCase(CaseIn(CaseState::kMonitoring), Outcome::kResolved, reports, kNow);
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->after.state, CaseState::kClosed);
  EXPECT_EQ(closed->after.closed_at, kNow);
  ASSERT_EQ(closed->events.size(), 3u);
  EXPECT_EQ(std::get<ReportOutcome>(closed->events[2].body),
            (ReportOutcome{reports[1].report, reports[1].reporter, Outcome::kResolved}));
  EXPECT_EQ(closed->events[2].sequence, 7u);
}

TEST(CloseCaseTest, NeedsAnOutcomeAndNoOpenReferral) {
  EXPECT_EQ(CloseCase(CaseIn(CaseState::kOpen), Outcome::kUnspecified, {}, kNow).error().code, core::Errc::kInvalid);
  EXPECT_EQ(CloseCase(CaseIn(CaseState::kOpen, 1), Outcome::kResolved, {}, kNow).error().reason, "OPEN_REFERRALS");
  EXPECT_EQ(CloseCase(CaseIn(CaseState::kMerged), Outcome::kResolved, {}, kNow).error().reason, "CASE_STATE");
}

struct Step {
  const char* name;
  CaseState before;
  std::uint32_t open_before;
  std::optional<ReferralPicture> known;
  ReferralPicture now;
  CaseState after;
  std::uint32_t open_after;
};

class FollowReferralTest : public ::testing::TestWithParam<Step> {};

TEST_P(FollowReferralTest, CountsAndMoves) {
  const Step& step = GetParam();
  const Case before = CaseIn(step.before, step.open_before);
  const Decision decision = FollowReferral(before, step.known, step.now);
  EXPECT_EQ(decision.after.state, step.after);
  EXPECT_EQ(decision.after.open_referrals, step.open_after);
  const bool moved = step.before != step.after;
  EXPECT_EQ(decision.events.size(), moved ? 1u : 0u);
  EXPECT_EQ(decision.changed, moved || step.open_before != step.open_after);
  EXPECT_EQ(decision.after.version, before.version + (decision.changed ? 1 : 0));
}

constexpr ReferralPicture kRequested{1, true, false};
constexpr ReferralPicture kAccepted{2, true, true};
constexpr ReferralPicture kCompleted{3, false, true};
constexpr ReferralPicture kRejected{2, false, false};

INSTANTIATE_TEST_SUITE_P(
    Steps, FollowReferralTest,
    ::testing::Values(
        Step{"sent", CaseState::kOpen, 0, std::nullopt, kRequested, CaseState::kOpen, 1},
        Step{"accepted", CaseState::kOpen, 1, kRequested, kAccepted, CaseState::kInCooperation, 1},
        Step{"accepted_unseen", CaseState::kOpen, 0, std::nullopt, kAccepted, CaseState::kInCooperation, 1},
        Step{"second", CaseState::kInCooperation, 1, std::nullopt, kRequested, CaseState::kInCooperation, 2},
        Step{"last_done", CaseState::kInCooperation, 1, kAccepted, kCompleted, CaseState::kMonitoring, 0},
        Step{"one_of_two_done", CaseState::kInCooperation, 2, kAccepted, kCompleted, CaseState::kInCooperation, 1},
        Step{"rejected", CaseState::kOpen, 1, kRequested, kRejected, CaseState::kOpen, 0},
        Step{"again", CaseState::kMonitoring, 1, kRequested, kAccepted, CaseState::kInCooperation, 1},
        Step{"seen", CaseState::kOpen, 1, kAccepted, kRequested, CaseState::kOpen, 1},
        Step{"same", CaseState::kInCooperation, 1, kAccepted, kAccepted, CaseState::kInCooperation, 1},
        Step{"closed_case", CaseState::kClosed, 0, std::nullopt, kAccepted, CaseState::kClosed, 1}),
    [](const auto& named) { return std::string(named.param.name); });

}  // namespace
}  // namespace tilts::case_intake
