#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "case_intake/adapters/sealer.hpp"
#include "core/city_time.hpp"
#include "postgres/database.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::intake::v1 {
class Fact;
}

namespace tilts::case_intake {

struct HeldFactRow {
  std::string held_id;
  std::string institution_id;
  std::string kind;
  std::uint32_t revision = 0;
  std::string number_index;
  std::string sealed;
  std::string wrapped_key;
  core::CityTime held_since{};
  std::optional<core::CityTime> due_at;
  int attempts = 0;
};

// Seals the fact into the row, and opens it again. kCorrupt for a row that was moved or whose key is missing.
core::Status SealInto(HeldFactRow& row, const Sealer& sealer, const intake::v1::Fact& fact);
core::Result<intake::v1::Fact> OpenFact(const HeldFactRow& row, const Sealer& sealer);

// The table held_fact, within one transaction.
class HeldFactStore {
 public:
  explicit HeldFactStore(postgres::UnitOfWork& unit) : unit_(unit) {}

  // A row of a lower or the same revision gives way or stays; the time it was first held stays.
  core::Status Put(const HeldFactRow& row) const;
  // Somebody said whose number it is: what waits for it is due.
  core::Status MakeDue(const std::string& institution_id, const std::vector<std::string>& number_indexes,
                       core::CityTime now) const;
  // Only the revision that was looked at: a newer one that came meanwhile stays.
  core::Status Remove(const HeldFactRow& row) const;
  core::Status Postpone(const HeldFactRow& row, std::optional<core::CityTime> due_at) const;

  core::Result<std::vector<HeldFactRow>> Due(core::CityTime now, int limit) const;
  // Those that wait for their number, after this id.
  core::Result<std::vector<HeldFactRow>> Waiting(const std::string& after_id, int limit) const;
  // An institution's own, the longest held first.
  core::Result<std::vector<HeldFactRow>> Of(const std::string& institution_id, core::CityTime after_time,
                                            const std::string& after_id, int limit) const;

 private:
  core::Result<std::vector<HeldFactRow>> Many(std::string_view where, const postgres::Params& params) const;

  postgres::UnitOfWork& unit_;
};

struct HeldFactBacklog {
  std::uint64_t held = 0;
  std::uint64_t due_now = 0;
  std::optional<core::CityTime> next_due_at;
};
core::Result<HeldFactBacklog> CountHeldFacts(postgres::Database& database, core::CityTime now);

}  // namespace tilts::case_intake
