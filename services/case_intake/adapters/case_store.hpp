#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case_intake/domain/case.hpp"
#include "case_intake/domain/case_moves.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Where a page of a list goes on: after this case, newest first.
struct CaseCursor {
  core::CityTime opened_at{};
  core::CaseId id;
};

// The table case_file, within one transaction.
class CaseStore {
 public:
  explicit CaseStore(postgres::UnitOfWork& unit) : unit_(unit) {}

  core::Result<std::optional<Case>> Find(const core::CaseId& id) const;
  core::Result<std::optional<Case>> Lock(const core::CaseId& id) const;
  // The open file of a child in a stream, locked.
  core::Result<std::optional<Case>> LockOpen(const core::PersonId& subject, Stream stream) const;
  // The episode that was closed last; empty when there is none.
  core::Result<core::CaseId> LastClosed(const core::PersonId& subject, Stream stream) const;
  // Whether the child has an open file of another stream: nothing more is ever told.
  core::Result<bool> OtherFileExists(const Case& current) const;
  core::Result<std::vector<Case>> ListOf(const core::InstitutionId& coordinator, CaseState state,
                                         const std::optional<CaseCursor>& after, int limit) const;

  // kAlreadyExists with reason kOneOpenCase when another open file of the child exists.
  core::Status Insert(const Case& current) const;
  core::Status Update(const Case& current) const;

  static constexpr char kOneOpenCase[] = "one_open_case_per_child_and_stream";

 private:
  core::Result<std::optional<Case>> One(std::string_view where, const postgres::Params& params) const;

  postgres::UnitOfWork& unit_;
};

// The table case_referral, within one transaction.
struct ReferralRow {
  core::CaseId case_id;
  ReferralPicture picture;
};
core::Result<std::optional<ReferralRow>> FindReferral(postgres::UnitOfWork& unit, const core::ReferralId& id);
core::Status PutReferral(postgres::UnitOfWork& unit, const core::ReferralId& id, const ReferralRow& row);

}  // namespace tilts::case_intake
