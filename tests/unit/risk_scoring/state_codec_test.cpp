#include <gtest/gtest.h>

#include "risk_samples.hpp"
#include "school_year.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Attended;
using testing::Behaved;
using testing::Enrolled;
using testing::kAutumn;
using testing::kOtherSchool;
using testing::Marked;
using testing::Repeated;
using testing::StateOf;
using testing::Withdrawn;

PupilState Everything() {
  PupilState state = StateOf(
      {Enrolled(kAutumn - 900, kAutumn - 365, kOtherSchool), Enrolled(kAutumn, 0), Withdrawn(Enrolled(kAutumn + 3), 2),
       Attended({.day = kAutumn, .offered = 15, .late = 15}),
       Attended({.day = kAutumn, .offered = 7, .unknown = 7}, 65'535, kOtherSchool),
       Withdrawn(Attended({.day = kAutumn + 1}), 7),
       Attended({.day = kAutumn + 400, .offered = 15, .unknown = 1, .excused = 2, .unexcused = 12}),
       Marked(kAutumn + 100, 1, "MAT", 10), Withdrawn(Marked(kAutumn + 100, 1, "ENG", 1), 3),
       Marked(kAutumn + 200, 2, "MAT", 1), Repeated(kAutumn), Withdrawn(Repeated(kAutumn - 700), 2),
       Behaved("1", kAutumn, BehaviourKind::kSuspension), Withdrawn(Behaved("2", 0, BehaviourKind::kUnspecified), 5)});
  state.proposal = {.tier = 3, .digest = 0xFFFF'FFFF'0000'0001, .institution = InstitutionIndex{1}};
  state.crossings = {{.school_year = 2025, .semester = 1, .stands = true, .crossings = 300, .institution = 1},
                     {.school_year = 2025, .semester = 2, .stands = false, .crossings = 1, .institution = 0}};
  return state;
}

TEST(StateCodecTest, WhatWasWrittenIsReadBack) {
  for (const PupilState& state : {PupilState(), Everything()}) {
    const core::Result<PupilState> read = DecodePupilState(Encode(state));
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, state);
    EXPECT_EQ(Encode(*read), Encode(state));
  }
  EXPECT_EQ(DecodePupilState(Encode(Everything()))->recorded_days.Count(kAutumn, kAutumn + 400), 2U);
}

TEST(StateCodecTest, EveryBrokenByteIsFound) {
  const std::string bytes = Encode(Everything());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string broken = bytes;
      broken[i] = static_cast<char>(broken[i] ^ (1 << bit));
      EXPECT_EQ(DecodePupilState(broken).error().code, core::Errc::kCorrupt) << "byte " << i;
    }
    EXPECT_FALSE(DecodePupilState(bytes.substr(0, i)).has_value());
  }
}

TEST(StateCodecTest, AnotherVersionIsRefused) {
  std::string bytes = Encode(PupilState());
  bytes[0] = 2;
  EXPECT_FALSE(DecodePupilState(bytes).has_value());
}

TEST(StateCodecTest, ASchoolYearFitsIntoAKibibyte) {
  const PupilState state = StateOf(testing::SchoolYear());
  ASSERT_EQ(state.attendance.size(), 175U);
  ASSERT_EQ(state.results.size(), 24U);
  EXPECT_LE(Encode(state).size(), 1024U);
  ::testing::Test::RecordProperty("bytes", static_cast<int>(Encode(state).size()));
}

TEST(StateCodecTest, AFaithfulYearTakesThreeBytesASchoolDayAtMost) {
  std::vector<Fact> facts = testing::SchoolYear();
  std::erase_if(facts, [](const Fact& fact) { return std::holds_alternative<Attendance>(fact.content); });
  const std::size_t without = Encode(StateOf(facts)).size();
  EXPECT_LE(Encode(StateOf(testing::SchoolYear())).size() - without, 3U * 175U);
}

}  // namespace
}  // namespace tilts::risk_scoring
