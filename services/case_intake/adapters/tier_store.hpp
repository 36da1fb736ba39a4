#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case_intake/adapters/report_store.hpp"
#include "case_intake/domain/fact_kinds.hpp"
#include "case_intake/domain/tier.hpp"
#include "postgres/database.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Where a page of a list goes on: after this pupil, newest first.
struct TierCursor {
  core::CityTime at{};
  core::PersonId pupil{};
};

// The table tier, within one transaction.
class TierStore {
 public:
  explicit TierStore(postgres::UnitOfWork& unit) : unit_(unit) {}

  // The pupil's row, or nothing; either way nobody else writes it until the transaction ends.
  core::Result<std::optional<PupilTier>> Lock(const core::PersonId& pupil) const;
  core::Status Put(const PupilTier& state) const;
  // Proposals and decisions of a school, the newest first.
  core::Result<std::vector<PupilTier>> ListOf(const core::InstitutionId& institution, bool only_undecided,
                                              const std::optional<TierCursor>& after, int limit) const;
  // Where the enrolments say the pupil is on that day; empty: nowhere.
  core::Result<core::InstitutionId> SchoolOf(const core::PersonId& pupil, Day day) const;

 private:
  postgres::UnitOfWork& unit_;
};

// What a list's order goes by.
core::CityTime ListedAt(const PupilTier& state);

}  // namespace tilts::case_intake
