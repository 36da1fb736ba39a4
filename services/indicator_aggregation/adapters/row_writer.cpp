#include "indicator_aggregation/adapters/row_writer.hpp"

#include <algorithm>

namespace tilts::indicator_aggregation {
namespace {

constexpr int kPupilsAtOnce = 2'000;

class Batch final : public postgres::Gathering {
 public:
  explicit Batch(const RowWriter& writer) : writer_(writer) {}
  core::Status Write(postgres::UnitOfWork& unit) override { return writer_.Write(unit, additions); }

  std::vector<Additions> additions;

 private:
  const RowWriter& writer_;
};

void MergeInto(RowsById& rows, const Row& row) {
  const auto [found, added] = rows.try_emplace(row.record_id, row);
  if (!added) found->second = Merge(found->second, row);
}

std::vector<Row> ListOf(const RowsById& rows) {
  std::vector<Row> list;
  for (const auto& [id, row] : rows) list.push_back(row);
  return list;
}

std::vector<std::string> PupilsOf(const RowsById& before, const RowsById& after) {
  std::set<std::string> pupils;
  for (const RowsById* rows : {&before, &after}) {
    for (const auto& [id, row] : *rows) {
      if (row.kind == RowKind::kEnrolment) pupils.insert(row.subject_id);
    }
  }
  return {pupils.begin(), pupils.end()};
}

}  // namespace

core::Status RowWriter::Write(postgres::UnitOfWork& unit, const std::vector<Additions>& batch) const {
  RowsById facts;
  RowsById attendance;
  std::vector<ClosedDay> days;
  bool enrolments = false;
  for (const Additions& additions : batch) {
    for (const Row& row : additions.rows) {
      MergeInto(row.kind == RowKind::kAttendance ? attendance : facts, row);
      enrolments |= row.kind == RowKind::kEnrolment;
    }
    if (additions.closed) days.push_back(*additions.closed);
  }
  TILTS_CHECK(rows_.MergeAttendance(unit, ListOf(attendance)));
  std::string year;
  if (!days.empty()) {
    TILTS_ASSIGN(year, CloseDays(unit, days));
  } else if (enrolments) {
    TILTS_ASSIGN(year, CurrentYear(unit, false));
  }
  return facts.empty() ? core::Status{} : WriteFacts(unit, facts, year);
}

core::Status RowWriter::WriteFacts(postgres::UnitOfWork& unit, const RowsById& incoming,
                                   const std::string& year) const {
  std::vector<std::string> ids;
  for (const auto& [id, row] : incoming) ids.push_back(id);
  TILTS_ASSIGN(RowsById before, rows_.Load(unit, ids));
  RowsById after;
  std::vector<Row> inserts;
  std::vector<Row> updates;
  for (const auto& [id, row] : incoming) {
    const auto stored = before.find(id);
    if (stored == before.end()) {
      inserts.push_back(row);
      after.emplace(id, row);
      continue;
    }
    Row merged = Merge(stored->second, row);
    if (merged == stored->second) {
      before.erase(stored);
      continue;
    }
    updates.push_back(merged);
    after.emplace(id, std::move(merged));
  }
  if (after.empty()) return {};
  // A pupil's enrolments count together: the ones that did not change are taken back and added again with the others.
  if (const auto pupils = PupilsOf(before, after); !pupils.empty()) {
    TILTS_ASSIGN(const RowsById enrolments, rows_.EnrolmentsOf(unit, pupils));
    for (const auto& [id, row] : enrolments) {
      before.emplace(id, row);
      after.emplace(id, row);
    }
  }
  TILTS_CHECK(rows_.Insert(unit, inserts));
  TILTS_CHECK(rows_.Update(unit, updates));
  Tally difference;
  Count(definitions_, ListOf(before), year, -1, difference);
  Count(definitions_, ListOf(after), year, 1, difference);
  return tallies_.Apply(unit, difference);
}

core::Result<std::string> RowWriter::CurrentYear(postgres::UnitOfWork& unit, bool to_change) const {
  const std::string lock = to_change ? "FOR UPDATE" : "FOR SHARE";
  TILTS_ASSIGN(const auto rows, unit.Exec(tables_.Sql("SELECT school_year FROM {current_year} ") + lock));
  if (rows.empty()) return core::Fail(core::Errc::kUnavailable, "the current year is missing: rebuild", "YEAR_MISSING");
  return rows.front().Text(0);
}

// Returns the current year as it is afterwards. When it changes, every open enrolment counts in one more.
core::Result<std::string> RowWriter::CloseDays(postgres::UnitOfWork& unit, const std::vector<ClosedDay>& days) const {
  std::map<int, std::string> closed;
  for (const ClosedDay& each : days) closed[each.day] = each.school_year;
  std::vector<std::int64_t> numbers;
  std::vector<std::string> years;
  for (const auto& [day, year] : closed) {
    numbers.push_back(day);
    years.push_back(year);
  }
  TILTS_CHECK(
      unit.Exec(tables_.Sql("INSERT INTO {school_day} (day, school_year) "
                            "SELECT * FROM unnest($1::integer[], $2::text[]) ORDER BY 1 ON CONFLICT DO NOTHING"),
                {numbers, years}));
  TILTS_ASSIGN(const std::string before, CurrentYear(unit, true));
  const std::string latest = std::max(before, years.back());
  if (latest == before) return before;
  TILTS_CHECK(unit.Exec(tables_.Sql("UPDATE {current_year} SET school_year = $1"), {latest}));
  TILTS_CHECK(CountInto(unit, before, latest));
  return latest;
}

core::Status RowWriter::CountInto(postgres::UnitOfWork& unit, const std::string& before,
                                  const std::string& year) const {
  std::string last;
  while (true) {
    TILTS_ASSIGN(const auto pupils, rows_.EnrolledPupils(unit, last, kPupilsAtOnce));
    if (pupils.empty()) return {};
    last = pupils.back();
    TILTS_ASSIGN(const RowsById enrolments, rows_.EnrolmentsOf(unit, pupils));
    const std::vector<Row> rows = ListOf(enrolments);
    Tally difference;
    Count(definitions_, rows, before, -1, difference);
    Count(definitions_, rows, year, 1, difference);
    TILTS_CHECK(tallies_.Apply(unit, difference));
  }
}

postgres::SqlBatchProcessor::Handlers RowWriter::Handlers() const {
  postgres::SqlBatchProcessor::Handlers handlers;
  ForEachCountedEvent([&]<typename Event>(const Event&) {
    handlers.On<Event>(
        [this](postgres::UnitOfWork& unit, const Envelope& envelope, const Event& event) -> core::Status {
          TILTS_ASSIGN(Additions additions, AdditionsOf(envelope, event));
          auto& batch = unit.Gathered(this, [this] { return std::make_unique<Batch>(*this); });
          static_cast<Batch&>(batch).additions.push_back(std::move(additions));
          return {};
        });
  });
  return handlers;
}

}  // namespace tilts::indicator_aggregation
