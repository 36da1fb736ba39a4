#include "indicator_aggregation/adapters/frozen_years.hpp"

#include "indicator_aggregation/adapters/snapshot.hpp"
#include "indicator_aggregation/domain/school_year.hpp"

namespace tilts::indicator_aggregation {

core::Result<std::uint64_t> FreezeYear(postgres::UnitOfWork& unit, const std::string& school_year, core::CityTime now) {
  if (!IsSchoolYear(school_year)) {
    return core::Fail(core::Error{core::Errc::kInvalid,
                                  "the school year is not one",
                                  "REQUEST",
                                  {{"school_year", "YEAR", "write the school year as 2025/26"}},
                                  0});
  }
  // Every batch begins with its offset: what is copied and its watermark are of one moment.
  TILTS_CHECK(unit.ExecScript("LOCK TABLE consumer_offset, dead_letter IN SHARE ROW EXCLUSIVE MODE"));
  TILTS_ASSIGN(const auto year, unit.Exec("SELECT school_year > $1 FROM current_year", {school_year}));
  if (year.empty() || !year.front().Bool(0)) {
    return core::Fail(core::Errc::kRefused, "the year is not over: freeze it when the next one has begun", "YEAR_OPEN");
  }
  TILTS_ASSIGN(const std::string watermark, WatermarkOf(unit));
  TILTS_ASSIGN(const auto added, unit.Exec("INSERT INTO frozen_year (school_year, frozen_at, watermark) "
                                           "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                                           {school_year, now, watermark}));
  if (added.affected() == 0) {
    return core::Fail(core::Errc::kRefused, "the figures of that year are final already", "YEAR_FROZEN");
  }
  TILTS_ASSIGN(const auto values,
               unit.Exec("INSERT INTO frozen_value SELECT indicator_id, definition_version, school_year, municipality, "
                         "institution_id, category, numerator, denominator FROM indicator_value WHERE school_year = $1",
                         {school_year}));
  return values.affected();
}

}  // namespace tilts::indicator_aggregation
