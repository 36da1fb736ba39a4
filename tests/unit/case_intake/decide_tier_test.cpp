#include "case_intake/domain/decide_tier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain_samples.hpp"

namespace tilts::case_intake {
namespace {

using ::testing::ElementsAre;
using testing::kNow;

const core::InstitutionId kSchool("riga-school-7");

TierProposal Proposed(std::uint64_t sequence, std::uint32_t tier, const std::string& digest) {
  TierProposal proposal;
  proposal.id = core::EventId("proposal-" + std::to_string(sequence));
  proposal.sequence = sequence;
  proposal.tier = tier;
  proposal.points = 14;
  proposal.material_digest = digest;
  proposal.domains = {"attendance", "marks"};
  proposal.at = kNow;
  return proposal;
}

TierCommand Command(TierMove move, std::uint32_t tier = 0, const std::string& digest = "d1") {
  TierCommand command;
  command.move = move;
  command.tier = tier;
  command.reason = TierReason::kEvidenceHolds;
  command.role = "social-pedagogue";
  if (move != TierMove::kNominate) command.material_digest = digest;
  command.institution = kSchool;
  command.now = kNow;
  return command;
}

PupilTier Nothing() {
  PupilTier state;
  state.pupil = core::PersonId("pupil-1");
  return state;
}
PupilTier Open(std::uint32_t tier) {
  return Propose(Nothing(), kSchool, Proposed(1, tier, "d1"));
}
PupilTier Confirmed(std::uint32_t tier) {
  return DecideTier(Open(tier), Command(TierMove::kConfirm)).value().after;
}
PupilTier Nominated() {
  return DecideTier(Nothing(), Command(TierMove::kNominate, 2)).value().after;
}

struct Row {
  const char* name;
  PupilTier state;
  TierCommand command;
  const char* refused;  // reason; empty: it stands
  std::uint32_t decided = 0;
  std::uint32_t proposed = 0;
  bool opens_case = false;
};

class DecideTierTest : public ::testing::TestWithParam<Row> {};

TEST_P(DecideTierTest, StandsOrIsRefusedByTheStateItMeets) {
  const Row& row = GetParam();
  const core::Result<TierDecision> decision = DecideTier(row.state, row.command);
  ASSERT_EQ(decision.has_value(), std::string(row.refused).empty()) << (decision ? "" : decision.error().reason);
  if (!decision) {
    EXPECT_EQ(decision.error().reason, row.refused);
    return;
  }
  const PupilTier& after = decision->after;
  EXPECT_EQ(after.verdict.tier, row.decided);
  EXPECT_EQ(decision->proposed_tier, row.proposed);
  EXPECT_EQ(decision->opens_case, row.opens_case);
  EXPECT_EQ(after.sequence, row.state.sequence + 1);
  EXPECT_EQ(after.verdict.move, row.command.move);
  EXPECT_EQ(after.institution, kSchool);
  EXPECT_FALSE(after.Open());
  EXPECT_FALSE(after.Reopened());
}

const PupilTier kReopened = Propose(Confirmed(2), kSchool, Proposed(2, 3, "d2"));
const PupilTier kTakenBack = Propose(Open(2), kSchool, Proposed(2, 1, "d0"));
const PupilTier kDecidedTakenBack = Propose(Confirmed(3), kSchool, Proposed(2, 1, "d0"));

INSTANTIATE_TEST_SUITE_P(
    Table, DecideTierTest,
    ::testing::Values(Row{"confirm_nothing", Nothing(), Command(TierMove::kConfirm), "TIER_NOT_PROPOSED"},
                      Row{"lower_nothing", Nothing(), Command(TierMove::kLower, 1), "TIER_NOT_PROPOSED"},
                      Row{"decline_nothing", Nothing(), Command(TierMove::kDecline), "TIER_NOT_PROPOSED"},
                      Row{"nominate_2", Nothing(), Command(TierMove::kNominate, 2), "", 2, 0, false},
                      Row{"nominate_3", Nothing(), Command(TierMove::kNominate, 3), "", 3, 0, true},
                      Row{"confirm_2", Open(2), Command(TierMove::kConfirm), "", 2, 2, false},
                      Row{"confirm_3", Open(3), Command(TierMove::kConfirm), "", 3, 3, true},
                      Row{"confirm_stale", Open(3), Command(TierMove::kConfirm, 0, "d0"), "TIER_STALE"},
                      Row{"lower_3_to_2", Open(3), Command(TierMove::kLower, 2), "", 2, 3, false},
                      Row{"lower_3_to_1", Open(3), Command(TierMove::kLower, 1), "", 1, 3, false},
                      Row{"lower_2_to_2", Open(2), Command(TierMove::kLower, 2), "TIER_NOT_LOWER"},
                      Row{"lower_stale", Open(3), Command(TierMove::kLower, 1, "d0"), "TIER_STALE"},
                      Row{"decline_3", Open(3), Command(TierMove::kDecline), "", 1, 3, false},
                      Row{"decline_stale", Open(3), Command(TierMove::kDecline, 0, "d0"), "TIER_STALE"},
                      Row{"nominate_above", Open(2), Command(TierMove::kNominate, 3), "", 3, 2, true},
                      Row{"nominate_same", Open(2), Command(TierMove::kNominate, 2), "", 2, 2, false},
                      Row{"nominate_below", Open(3), Command(TierMove::kNominate, 2), "TIER_PROPOSED"},
                      Row{"confirm_again", Confirmed(3), Command(TierMove::kConfirm), "TIER_NOT_PROPOSED"},
                      Row{"decline_decided", Confirmed(3), Command(TierMove::kDecline), "TIER_NOT_PROPOSED"},
                      Row{"nominate_decided", Confirmed(2), Command(TierMove::kNominate, 3), "", 3, 0, true},
                      Row{"confirm_reopened", kReopened, Command(TierMove::kConfirm, 0, "d2"), "", 3, 3, true},
                      Row{"confirm_reopened_old", kReopened, Command(TierMove::kConfirm, 0, "d1"), "TIER_STALE"},
                      Row{"lower_reopened", kReopened, Command(TierMove::kLower, 2, "d2"), "", 2, 3, false},
                      Row{"decline_reopened", kReopened, Command(TierMove::kDecline, 0, "d2"), "", 1, 3, false},
                      Row{"confirm_taken_back", kTakenBack, Command(TierMove::kConfirm), "TIER_NOT_PROPOSED"},
                      Row{"nominate_taken_back", kTakenBack, Command(TierMove::kNominate, 2), "", 2, 0, false},
                      Row{"decline_decided_taken_back", kDecidedTakenBack, Command(TierMove::kDecline),
                          "TIER_NOT_PROPOSED"}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(ProposeTest, TheSameEvidenceLeavesTheDecisionInForce) {
  const PupilTier again = Propose(Confirmed(3), kSchool, Proposed(2, 3, "d1"));
  EXPECT_FALSE(again.Open());
  EXPECT_EQ(again.verdict, Confirmed(3).verdict);
  EXPECT_EQ(again.proposal.sequence, 2u);
}

TEST(ProposeTest, OtherEvidenceOpensAgainAndTheDecisionStaysUntilTheNext) {
  EXPECT_TRUE(kReopened.Open());
  EXPECT_TRUE(kReopened.Reopened());
  EXPECT_EQ(kReopened.verdict, Confirmed(2).verdict);
  const PupilTier back = Propose(kReopened, kSchool, Proposed(3, 2, "d1"));
  EXPECT_FALSE(back.Reopened()) << "this evidence was decided on";
  EXPECT_TRUE(Propose(Nominated(), kSchool, Proposed(1, 2, "d1")).Reopened());
}

TEST(ProposeTest, TierOneTakesBackOnlyWhatNobodyDecidedOn) {
  EXPECT_FALSE(kTakenBack.Open());
  EXPECT_FALSE(kTakenBack.Decided());
  EXPECT_FALSE(kDecidedTakenBack.Open());
  EXPECT_EQ(kDecidedTakenBack.verdict, Confirmed(3).verdict);
  const PupilTier withdrawn = Propose(kReopened, kSchool, Proposed(3, 1, "d0"));
  EXPECT_FALSE(withdrawn.Reopened());
  EXPECT_TRUE(withdrawn.Decided());
}

TEST(ProposeTest, AnOlderOneChangesNothingAndANewSchoolTakesOver) {
  EXPECT_EQ(Propose(kReopened, kSchool, Proposed(2, 2, "d9")), kReopened);
  EXPECT_EQ(Propose(kReopened, kSchool, Proposed(1, 2, "d9")), kReopened);
  const core::InstitutionId other("riga-school-9");
  EXPECT_EQ(Propose(kReopened, other, Proposed(3, 3, "d2")).institution, other);
}

TEST(ConcernsTest, SayWhatTheScoreRestsOn) {
  EXPECT_THAT(ConcernsOf({"attendance", "marks"}), ElementsAre(Concern::kUnexcusedAbsence, Concern::kFailing));
  EXPECT_THAT(ConcernsOf({"behaviour", "mobility", "repetition"}),
              ElementsAre(Concern::kRepetition, Concern::kBehaviour, Concern::kAdaptation));
  EXPECT_THAT(ConcernsOf({}), ElementsAre(Concern::kMotivation));
  EXPECT_THAT(ConcernsOf({"a domain of a later card"}), ElementsAre(Concern::kMotivation));
  EXPECT_THAT(DecideTier(Open(3), Command(TierMove::kConfirm))->concerns,
              ElementsAre(Concern::kUnexcusedAbsence, Concern::kFailing));
  EXPECT_THAT(DecideTier(Nothing(), Command(TierMove::kNominate, 3))->concerns, ElementsAre(Concern::kMotivation));
}

struct Flaw {
  const char* name;
  TierCommand command;
  const char* field;
  const char* code;
};

TierCommand With(TierCommand command, void (*change)(TierCommand&)) {
  change(command);
  return command;
}

class TierCommandTest : public ::testing::TestWithParam<Flaw> {};

TEST_P(TierCommandTest, NamesTheFieldThatIsWrong) {
  const core::Status status = CheckTierCommand(GetParam().command);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, core::Errc::kInvalid);
  ASSERT_EQ(status.error().violations.size(), 1u);
  EXPECT_EQ(status.error().violations[0].field, GetParam().field);
  EXPECT_EQ(status.error().violations[0].code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Flaws, TierCommandTest,
    ::testing::Values(
        Flaw{"no_decision", Command(TierMove::kUnspecified), "decision", "REQUIRED"},
        Flaw{"no_reason",
             With(Command(TierMove::kDecline), [](TierCommand& c) { c.reason = TierReason::kUnspecified; }), "reason",
             "REQUIRED"},
        Flaw{"other_without_note",
             With(Command(TierMove::kDecline), [](TierCommand& c) { c.reason = TierReason::kOther; }), "note",
             "REQUIRED"},
        Flaw{"no_role", With(Command(TierMove::kConfirm), [](TierCommand& c) { c.role.clear(); }), "role", "REQUIRED"},
        Flaw{"role_is_a_name", With(Command(TierMove::kConfirm), [](TierCommand& c) { c.role = "A Name"; }), "role",
             "FORMAT"},
        Flaw{"role_is_long", With(Command(TierMove::kConfirm), [](TierCommand& c) { c.role.assign(41, 'a'); }), "role",
             "FORMAT"},
        Flaw{"confirm_with_tier", Command(TierMove::kConfirm, 3), "tier", "UNEXPECTED"},
        Flaw{"decline_with_tier", Command(TierMove::kDecline, 1), "tier", "UNEXPECTED"},
        Flaw{"lower_without_tier", Command(TierMove::kLower, 0), "tier", "REQUIRED"},
        Flaw{"lower_to_3", Command(TierMove::kLower, 3), "tier", "OUT_OF_RANGE"},
        Flaw{"nominate_without_tier", Command(TierMove::kNominate, 0), "tier", "REQUIRED"},
        Flaw{"nominate_1", Command(TierMove::kNominate, 1), "tier", "OUT_OF_RANGE"},
        Flaw{"nominate_4", Command(TierMove::kNominate, 4), "tier", "OUT_OF_RANGE"},
        Flaw{"no_digest", Command(TierMove::kConfirm, 0, ""), "material_digest", "REQUIRED"},
        Flaw{"nominate_with_digest",
             With(Command(TierMove::kNominate, 2), [](TierCommand& c) { c.material_digest = "d1"; }), "material_digest",
             "UNEXPECTED"}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(TierNoteTest, TakesANoteForTheOtherReason) {
  TierCommand command = Command(TierMove::kDecline);
  command.reason = TierReason::kOther;
  command.note = core::NoteId("note-1");
  EXPECT_TRUE(CheckTierCommand(command));
}

}  // namespace
}  // namespace tilts::case_intake
