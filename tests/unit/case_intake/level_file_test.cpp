// The rules that are shipped: the matrix of the action algorithm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "case_intake/adapters/rules_book.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kData[] = TILTS_SOURCE_DIR "/services/case_intake/data";

struct Line {
  const char* name;
  Stream stream;
  std::set<Concern> concerns;
  std::set<Aggravating> aggravating;
  Relation relation;
  std::uint32_t level;
  Urgency urgency;
};

class LevelFileTest : public ::testing::TestWithParam<Line> {};

TEST_P(LevelFileTest, SetsLevelAndUrgency) {
  const auto book = RulesBook::Load(kData, "riga-rsd");
  ASSERT_TRUE(book) << book.error().message;
  CaseFacts facts;
  facts.stream = GetParam().stream;
  facts.concerns = GetParam().concerns;
  facts.aggravating = GetParam().aggravating;
  facts.relation = GetParam().relation;
  ApplyLevels((*book)->Current()->levels, facts);
  EXPECT_EQ(facts.level, GetParam().level);
  EXPECT_EQ(facts.urgency, GetParam().urgency);
}

INSTANTIATE_TEST_SUITE_P(
    Matrix, LevelFileTest,
    ::testing::Values(
        Line{"absence", Stream::kPmp, {Concern::kUnexcusedAbsence}, {}, Relation::kUnspecified, 1, Urgency::kRoutine},
        Line{"several",
             Stream::kPmp,
             {Concern::kFailing},
             {Aggravating::kSeveralInstitutions},
             Relation::kUnspecified,
             2,
             Urgency::kRoutine},
        Line{"emotional", Stream::kViolence, {Concern::kEmotional}, {}, Relation::kPeer, 1, Urgency::kUrgent},
        Line{"repeated",
             Stream::kViolence,
             {Concern::kEmotional},
             {Aggravating::kRepeated},
             Relation::kPeer,
             2,
             Urgency::kUrgent},
        Line{"group",
             Stream::kViolence,
             {Concern::kPhysical},
             {Aggravating::kGroup},
             Relation::kPeer,
             2,
             Urgency::kUrgent},
        Line{"cyber", Stream::kViolence, {Concern::kCyber}, {}, Relation::kPeer, 2, Urgency::kUrgent},
        Line{"peer_injury",
             Stream::kViolence,
             {Concern::kPhysical},
             {Aggravating::kInjury},
             Relation::kPeer,
             3,
             Urgency::kUrgent},
        Line{"family_injury",
             Stream::kViolence,
             {Concern::kPhysical},
             {Aggravating::kInjury},
             Relation::kFamily,
             3,
             Urgency::kImminent},
        Line{"injury_by_whom",
             Stream::kViolence,
             {Concern::kPhysical},
             {Aggravating::kInjury},
             Relation::kUnspecified,
             3,
             Urgency::kImminent},
        Line{"weapon", Stream::kViolence, {}, {Aggravating::kWeapon}, Relation::kPeer, 3, Urgency::kImminent},
        Line{"threat", Stream::kRights, {}, {Aggravating::kThreatToLife}, Relation::kPeer, 3, Urgency::kImminent},
        Line{"sexual_form", Stream::kViolence, {Concern::kSexual}, {}, Relation::kPeer, 3, Urgency::kImminent},
        Line{"sexual_fact", Stream::kViolence, {}, {Aggravating::kSexual}, Relation::kPeer, 3, Urgency::kImminent},
        Line{"suicide", Stream::kRights, {Concern::kSuicideSigns}, {}, Relation::kUnspecified, 3, Urgency::kImminent},
        Line{"neglect", Stream::kViolence, {Concern::kNeglect}, {}, Relation::kFamily, 1, Urgency::kUrgent}),
    [](const auto& named) { return std::string(named.param.name); });

TEST(RulesBookTest, SaysWhomToCallInBothLanguages) {
  const auto book = RulesBook::Load(kData, "riga-rsd");
  ASSERT_TRUE(book);
  EXPECT_THAT((*book)->emergency_instruction(),
              ::testing::AllOf(::testing::HasSubstr("zvaniet 112"), ::testing::HasSubstr("call 112")));
}

TEST(RulesBookTest, RefusesToStartWithoutItsData) {
  EXPECT_EQ(RulesBook::Load("/nowhere", "riga-rsd").error().code, core::Errc::kInvalid);
}

TEST(RulesBookTest, ReadersKeepTheSetTheyBeganWith) {
  RulesBook book({}, "");
  const auto before = book.Current();
  book.UseInstitutions(Institutions({{.id = "x"}}));
  EXPECT_TRUE(before->institutions.empty());
  EXPECT_FALSE(book.Current()->institutions.empty());
}

}  // namespace
}  // namespace tilts::case_intake
