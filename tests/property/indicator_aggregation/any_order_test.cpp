#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>

#include "indicator_aggregation/domain/tally.hpp"

namespace tilts::indicator_aggregation {
namespace {

// One indicator of each way of counting.
Definitions Everything() {
  Part leavers{RowKind::kEnrolment, Counting::kDistinctLearners, {}};
  leavers.filter.end_reasons = {5, 6};
  leavers.filter.marks = kMarkLast;
  const Part enrolled{RowKind::kEnrolment, Counting::kDistinctLearners, {}};
  Part answered{RowKind::kReferral, Counting::kRecords, {}};
  answered.filter.marks = kMarkAnsweredInTime;
  const Part referrals{RowKind::kReferral, Counting::kRecords, {}};
  const Part consultations{RowKind::kConsultation, Counting::kRecords, {}};
  const Part consulted{RowKind::kConsultation, Counting::kDistinctLearners, {}};
  const Part answer{RowKind::kReferral, Counting::kMedianHours, {}, Interval::kToAnswer};
  Part concluded{RowKind::kReferral, Counting::kRecords, {}};
  concluded.filter.marks = kMarkOutcomeIn30Days;
  Definitions definitions;
  definitions.list = {{"leavers", 1, Unit::kPerMille, leavers, enrolled, Disaggregation::kStage},
                      {"answered", 1, Unit::kPerMille, answered, referrals, Disaggregation::kInstitutionKind},
                      {"hours", 1, Unit::kHours, answer, std::nullopt, Disaggregation::kInstitutionKind},
                      {"outcomes", 1, Unit::kPerMille, concluded, referrals, Disaggregation::kNone},
                      {"records", 1, Unit::kCount, consultations, std::nullopt, Disaggregation::kSpecialistReason},
                      {"learners", 1, Unit::kCount, consulted, std::nullopt, Disaggregation::kReason}};
  return definitions;
}

Row AnyRow() {
  Row row;
  row.record_id = std::to_string(*rc::gen::inRange(0, 12));
  // A record is of one kind and, if an enrolment, of any pupil: a corrected number moves it.
  const int kind = std::stoi(row.record_id) % 3;
  row.kind = kind == 0 ? RowKind::kEnrolment : kind == 1 ? RowKind::kReferral : RowKind::kConsultation;
  row.revision = *rc::gen::inRange(1, 4);
  row.withdrawn = *rc::gen::inRange(0, 4) == 0;
  row.day = 20'400 + *rc::gen::inRange(0, 3);
  row.subject_id = std::to_string(*rc::gen::inRange(0, 3));
  row.institution_id = *rc::gen::element(std::string("a"), std::string("b"));
  row.municipality = "city";
  row.school_year = "2025/26";
  row.codes.stage = *rc::gen::inRange(1, 3);
  if (row.kind == RowKind::kEnrolment) {
    row.to_day = *rc::gen::element(0, 20'450, 20'700);
    row.codes.end_reason = row.to_day == 0 ? 0 : *rc::gen::inRange(1, 7);
  }
  if (row.kind == RowKind::kReferral) {
    row.codes.marks = *rc::gen::inRange(0, 16);
    constexpr std::int64_t kHour = 3'600'000'000;
    const auto time = [&](int first, int last) {
      return *rc::gen::element(0, 1) * *rc::gen::inRange(first, last) * kHour;
    };
    row.codes.times = {time(1, 3), 0, time(2, 9), time(700, 740)};
  }
  if (row.kind == RowKind::kConsultation)
    row.codes.reasons = *rc::gen::element(std::vector<int>{1}, std::vector<int>{1, 5}, std::vector<int>{5});
  return row;
}

using Store = std::map<std::string, Row>;

std::vector<Row> Pupil(const Store& store, const std::set<std::string>& pupils) {
  std::vector<Row> rows;
  for (const auto& [id, row] : store) {
    if (row.kind == RowKind::kEnrolment && pupils.contains(row.subject_id)) rows.push_back(row);
  }
  return rows;
}

// One row after the other, each taking back exactly what stood there.
Tally Incremental(const Definitions& definitions, const std::vector<Row>& rows, Store& store) {
  Tally tally;
  for (const Row& row : rows) {
    const auto stored = store.find(row.record_id);
    const Row merged = stored == store.end() ? row : Merge(stored->second, row);
    std::set<std::string> pupils{merged.subject_id};
    if (stored != store.end()) pupils.insert(stored->second.subject_id);
    const bool group = row.kind == RowKind::kEnrolment;
    const auto side = [&](int sign) {
      const auto at = store.find(row.record_id);
      std::vector<Row> together;
      if (group) together = Pupil(store, pupils);
      if (!group && at != store.end()) together = {at->second};
      Count(definitions, together, "2026/27", sign, tally);
    };
    side(-1);
    store[row.record_id] = merged;
    side(1);
  }
  return tally;
}

std::map<Cell, Numbers> Recount(const Definitions& definitions, const Store& store) {
  std::vector<Row> rows;
  for (const auto& [id, row] : store) rows.push_back(row);
  Tally tally;
  Count(definitions, rows, "2026/27", 1, tally);
  return ValuesOf(tally);
}

TEST(AnyOrderTest, ShufflesAndDuplicatesGiveTheSameValuesAsCountingTheRowsAnew) {
  const Definitions definitions = Everything();
  EXPECT_TRUE(rc::check([&] {
    const auto rows = *rc::gen::container<std::vector<Row>>(rc::gen::exec(AnyRow));
    Store straight;
    const Tally tally = Incremental(definitions, rows, straight);
    RC_ASSERT(ValuesOf(tally) == Recount(definitions, straight));
    std::vector<Row> shuffled = rows;
    shuffled.insert(shuffled.end(), rows.begin(), rows.end());
    std::mt19937 random(*rc::gen::arbitrary<unsigned>());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    Store other;
    const Tally again = Incremental(definitions, shuffled, other);
    RC_ASSERT(other == straight);
    RC_ASSERT(ValuesOf(again) == ValuesOf(tally));
    RC_ASSERT(again.members == tally.members);
    RC_ASSERT(again.hours == tally.hours);
  }));
}

TEST(AnyOrderTest, MergingIsCommutativeAssociativeAndIdempotent) {
  EXPECT_TRUE(rc::check([] {
    Row a = AnyRow();
    Row b = AnyRow();
    Row c = AnyRow();
    b.kind = c.kind = a.kind;
    b.record_id = c.record_id = a.record_id;
    RC_ASSERT(Merge(a, b) == Merge(b, a));
    RC_ASSERT(Merge(a, a) == a);
    RC_ASSERT(Merge(Merge(a, b), c) == Merge(a, Merge(b, c)));
    RC_ASSERT(Merge(Merge(a, b), b) == Merge(a, b));
  }));
}

}  // namespace
}  // namespace tilts::indicator_aggregation
