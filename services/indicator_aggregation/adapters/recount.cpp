#include "indicator_aggregation/adapters/recount.hpp"

#include "indicator_aggregation/adapters/row_store.hpp"
#include "indicator_aggregation/adapters/tally_store.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr int kRowsAtOnce = 5'000;
constexpr int kPupilsAtOnce = 2'000;

core::Status Add(postgres::UnitOfWork& unit, const TallyStore& tallies, const Definitions& definitions,
                 const RowsById& rows, const std::string& year) {
  std::vector<Row> list;
  for (const auto& [id, row] : rows) list.push_back(row);
  Tally tally;
  Count(definitions, list, year, 1, tally);
  return tallies.Apply(unit, tally);
}

core::Status Recount(postgres::UnitOfWork& unit, const Definitions& definitions) {
  const RowStore rows(Tables::Live());
  const TallyStore tallies(Tables::Live());
  TILTS_CHECK(unit.ExecScript("DELETE FROM membership; DELETE FROM hour_count; DELETE FROM indicator_value"));
  TILTS_ASSIGN(const auto years, unit.Exec("SELECT school_year FROM current_year FOR UPDATE"));
  const std::string year = years.empty() ? std::string() : years.front().Text(0);
  for (std::string last;;) {
    TILTS_ASSIGN(const auto pupils, rows.EnrolledPupils(unit, last, kPupilsAtOnce));
    if (pupils.empty()) break;
    last = pupils.back();
    TILTS_ASSIGN(const auto enrolments, rows.EnrolmentsOf(unit, pupils));
    TILTS_CHECK(Add(unit, tallies, definitions, enrolments, year));
  }
  for (std::string last;;) {
    TILTS_ASSIGN(const auto others, rows.OthersAfter(unit, last, kRowsAtOnce));
    if (others.empty()) return {};
    last = others.rbegin()->first;
    TILTS_CHECK(Add(unit, tallies, definitions, others, year));
  }
}

}  // namespace

core::Result<bool> RecountIfChanged(postgres::UnitOfWork& unit, const DefinitionBook& book) {
  // Every batch begins with its offset: none is written until this commits.
  TILTS_CHECK(unit.ExecScript("LOCK TABLE consumer_offset, dead_letter IN SHARE ROW EXCLUSIVE MODE"));
  TILTS_ASSIGN(const auto counted, unit.Exec("SELECT hash FROM counted_definitions"));
  if (!counted.empty() && counted.front().Text(0) == book.hash) return false;
  TILTS_CHECK(Recount(unit, book.definitions));
  TILTS_CHECK(
      unit.Exec("INSERT INTO counted_definitions (hash) VALUES ($1) ON CONFLICT (only_one) DO UPDATE "
                "SET hash = EXCLUDED.hash",
                {book.hash}));
  return !counted.empty();
}

}  // namespace tilts::indicator_aggregation
