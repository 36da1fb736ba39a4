#include "indicator_aggregation/domain/row.hpp"

#include <gtest/gtest.h>

#include "indicator_aggregation/domain/school_year.hpp"

namespace tilts::indicator_aggregation {
namespace {

Row RowOf(int revision, int grade, RowKind kind = RowKind::kEnrolment) {
  Row row;
  row.record_id = "r";
  row.revision = revision;
  row.kind = kind;
  row.day = 20'000;
  row.codes.grade = grade;
  return row;
}

TEST(RowTest, GreaterRevisionStaysWhicheverCameFirst) {
  EXPECT_EQ(Merge(RowOf(1, 9), RowOf(2, 3)).codes.grade, 3);
  EXPECT_EQ(Merge(RowOf(2, 3), RowOf(1, 9)).codes.grade, 3);
}

TEST(RowTest, OfOneRevisionTheSmallerTupleStays) {
  EXPECT_EQ(Merge(RowOf(1, 9), RowOf(1, 3)).codes.grade, 3);
  EXPECT_EQ(Merge(RowOf(1, 3), RowOf(1, 9)).codes.grade, 3);
  Row withdrawn = RowOf(1, 1);
  withdrawn.withdrawn = true;
  EXPECT_FALSE(Merge(withdrawn, RowOf(1, 9)).withdrawn);
}

TEST(RowTest, ReferralKeepsItsMarksAndItsFirstDay) {
  Row sent = RowOf(1, 0, RowKind::kReferral);
  sent.codes.marks = kMarkAct;
  Row accepted = RowOf(2, 0, RowKind::kReferral);
  accepted.day = 20'005;
  accepted.codes.marks = kMarkAct | kMarkAnsweredInTime;
  Row completed = RowOf(3, 0, RowKind::kReferral);
  completed.day = 20'030;
  completed.codes.referral_state = 7;
  const Row straight = Merge(Merge(sent, accepted), completed);
  EXPECT_EQ(straight.codes.marks, kMarkAct | kMarkAnsweredInTime);
  EXPECT_EQ(straight.day, 20'000);
  EXPECT_EQ(straight.codes.referral_state, 7);
  EXPECT_EQ(Merge(completed, Merge(accepted, sent)), straight);
}

TEST(RowTest, CodesSurviveTheirText) {
  Codes codes;
  codes.specialist = 2;
  codes.reasons = {2, 5, 99};
  codes.marks = 3;
  Codes read;
  ASSERT_TRUE(FromText(ToText(codes), read));
  EXPECT_EQ(read, codes);
  ASSERT_TRUE(FromText(ToText(Codes()), read));
  EXPECT_EQ(read, Codes());
  for (const char* wrong :
       {"", "1,2;", "0,0,0,0,0,0,0,0,0,0,0,0,0,0;", "0,0,0,0,0,0,0,0,0,0,0,0,x;", "0,0,0,0,0,0,0,0,0,0,0,0,0;1,"}) {
    EXPECT_FALSE(FromText(wrong, read)) << wrong;
  }
}

TEST(SchoolYearTest, ChangesOnTheFirstOfSeptember) {
  EXPECT_EQ(SchoolYearOfDay(20'331), "2024/25");  // 2025-08-31
  EXPECT_EQ(SchoolYearOfDay(20'332), "2025/26");
  EXPECT_EQ(SchoolYearOfDay(10'957), "1999/00");  // 2000-01-01
  EXPECT_EQ(SchoolYears("2024/25", "2026/27"), (std::vector<std::string>{"2024/25", "2025/26", "2026/27"}));
  EXPECT_EQ(SchoolYears("2024/25", "2020/21"), (std::vector<std::string>{"2024/25"}));
  EXPECT_EQ(SchoolYears("2024/25", ""), (std::vector<std::string>{"2024/25"}));
}

}  // namespace
}  // namespace tilts::indicator_aggregation
