#include "indicator_aggregation/domain/tally.hpp"

#include <gtest/gtest.h>

namespace tilts::indicator_aggregation {
namespace {

constexpr int kDay = 20'514;  // 2026-03-02

Row Enrolled(const std::string& record, const std::string& pupil, int from, int to = 0, int reason = 0) {
  Row row{record, 1, false, RowKind::kEnrolment, from, to, pupil, "school", "city", "2025/26", {}};
  row.codes.end_reason = reason;
  row.codes.stage = 1;
  row.codes.grade = 8;
  return row;
}

Definitions OneDefinition(Part numerator, Disaggregation by = Disaggregation::kNone) {
  Definitions definitions;
  definitions.names.specialists = {{1, "PEDAGOGUE"}};
  definitions.names.reasons = {{2, "BEHAVIOUR"}};
  definitions.list.push_back({"one", 1, Unit::kCount, std::move(numerator), std::nullopt, by});
  return definitions;
}

std::int64_t Total(const Definitions& definitions, const std::vector<Row>& rows, const std::string& year = "2025/26",
                   const std::string& category = "") {
  Tally tally;
  Count(definitions, rows, "2025/26", 1, tally);
  const auto values = ValuesOf(tally);
  const auto found = values.find({"one", 1, year, "city", "", category});
  return found == values.end() ? 0 : found->second.numerator;
}

TEST(TallyTest, GradeRangeIncludesItsEndsAndNotTheUnknown) {
  Part part{RowKind::kEnrolment, Counting::kRecords, {}};
  part.filter.grade_from = 7;
  part.filter.grade_to = 8;
  Row unknown = Enrolled("b", "p2", kDay);
  unknown.codes.grade = 0;
  EXPECT_EQ(Total(OneDefinition(part), {Enrolled("a", "p1", kDay), unknown}), 1);
}

TEST(TallyTest, EndsCountInTheYearOfTheEndOnly) {
  Part part{RowKind::kEnrolment, Counting::kDistinctLearners, {}};
  const Row left = Enrolled("a", "p1", kDay - 400, kDay, 5);
  Row row = left;
  row.school_year = "2024/25";
  EXPECT_EQ(Total(OneDefinition(part), {row}, "2024/25"), 1);
  EXPECT_EQ(Total(OneDefinition(part), {row}), 1);
  part.filter.end_reasons = {5};
  EXPECT_EQ(Total(OneDefinition(part), {row}, "2024/25"), 0);
  EXPECT_EQ(Total(OneDefinition(part), {row}), 1);
}

TEST(TallyTest, OnlyTheNewestEnrolmentIsTheLast) {
  Part part{RowKind::kEnrolment, Counting::kRecords, {}};
  part.filter.marks = kMarkLast;
  Row withdrawn = Enrolled("c", "p1", kDay);
  withdrawn.withdrawn = true;
  EXPECT_EQ(Total(OneDefinition(part),
                  {Enrolled("a", "p1", kDay - 9), Enrolled("b", "p1", kDay - 5), withdrawn, Enrolled("d", "p2", kDay)}),
            2);
}

TEST(TallyTest, UnknownCodesAreNamedByNumber) {
  Row row{"a", 1, false, RowKind::kConsultation, kDay, 0, "l", "", "city", "2025/26", {}};
  row.codes.specialist = 1;
  row.codes.reasons = {2, 77};
  const auto definitions =
      OneDefinition({RowKind::kConsultation, Counting::kRecords, {}}, Disaggregation::kSpecialistReason);
  EXPECT_EQ(Total(definitions, {row}, "2025/26", "PEDAGOGUE/BEHAVIOUR"), 1);
  EXPECT_EQ(Total(definitions, {row}, "2025/26", "PEDAGOGUE/CODE_77"), 1);
  EXPECT_EQ(Total(definitions, {row}), 2);
}

Row Answered(const std::string& record, std::int64_t minutes) {
  constexpr std::int64_t kMinute = 60'000'000;
  Row row{record, 1, false, RowKind::kReferral, kDay, 0, "", "ngo", "city", "2025/26", {}};
  row.codes.times.requested = 29'541'600 * kMinute;
  if (minutes >= 0) row.codes.times.answered = row.codes.times.requested + minutes * kMinute;
  return row;
}

TEST(TallyTest, MedianIsTheHourBegunByWhichHalfWereOver) {
  Definitions definitions = OneDefinition({RowKind::kReferral, Counting::kMedianHours, {}, Interval::kToAnswer});
  definitions.list.front().unit = Unit::kHours;
  const auto median = [&](const std::vector<Row>& rows) {
    Tally tally;
    Count(definitions, rows, "2025/26", 1, tally);
    return ValuesOf(tally)[{"one", 1, "2025/26", "city", "ngo", ""}];
  };
  EXPECT_EQ(median({Answered("a", -1)}), (Numbers{0, 0})) << "not answered yet";
  EXPECT_EQ(median({Answered("a", 60)}), (Numbers{1, 1}));
  EXPECT_EQ(median({Answered("a", 61)}), (Numbers{2, 1}));
  EXPECT_EQ(median({Answered("a", 61), Answered("b", 600)}), (Numbers{2, 2})) << "of two the earlier";
  EXPECT_EQ(median({Answered("a", 600), Answered("b", 30), Answered("c", 6'000)}), (Numbers{10, 3}));
  EXPECT_EQ(median({Answered("a", 600), Answered("b", 590), Answered("c", 580), Answered("d", 1)}), (Numbers{10, 4}));
}

TEST(TallyTest, AnOutcomeOnTheThirtiethDayIsWithinIt) {
  Part part{RowKind::kReferral, Counting::kRecords, {}};
  part.filter.marks = kMarkOutcomeIn30Days;
  Row row = Answered("a", 1);
  EXPECT_EQ(Total(OneDefinition(part), {row}), 0);
  row.codes.times.concluded = row.codes.times.requested + std::int64_t{30} * 24 * 3'600'000'000;
  EXPECT_EQ(Total(OneDefinition(part), {row}), 1);
  ++row.codes.times.concluded;
  EXPECT_EQ(Total(OneDefinition(part), {row}), 0);
}

TEST(TallyTest, TakingBackWhatWasAddedLeavesNothing) {
  const auto definitions = OneDefinition({RowKind::kEnrolment, Counting::kDistinctLearners, {}});
  const std::vector<Row> rows = {Enrolled("a", "p1", kDay), Enrolled("b", "p1", kDay - 3)};
  Tally tally;
  Count(definitions, rows, "2025/26", 1, tally);
  EXPECT_FALSE(tally.members.empty());
  Count(definitions, rows, "2025/26", -1, tally);
  EXPECT_TRUE(tally.members.empty());
  EXPECT_TRUE(tally.records.empty());
}

}  // namespace
}  // namespace tilts::indicator_aggregation
