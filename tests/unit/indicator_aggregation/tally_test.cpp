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
