#pragma once

#include "postgres/unit_of_work.hpp"
#include "referral_routing/app/store.hpp"

namespace tilts::referral_routing {

// Whether referrals are read to be changed.
enum class Reading { kToChange, kToShow };

// RoutingStore over one SQL transaction.
class SqlStore final : public RoutingStore {
 public:
  explicit SqlStore(postgres::UnitOfWork& unit, Reading reading = Reading::kToChange)
      : unit_(unit), row_lock_(reading == Reading::kToChange ? " FOR UPDATE" : "") {}

  core::Status LockCase(const core::CaseId& id) override;
  core::Result<bool> TryLockCase(const core::CaseId& id) override;
  core::Result<std::optional<CaseRecord>> LoadCase(const core::CaseId& id) override;
  core::Status SaveCase(const CaseRecord& record) override;
  core::Result<std::optional<referrals::v1::StatutoryNotice>> LoadNotice(const core::CaseId& id) override;
  core::Status SaveNotice(const core::CaseId& id, const referrals::v1::StatutoryNotice& notice) override;
  core::Result<std::vector<Referral>> ReferralsOf(const core::CaseId& id) override;
  core::Result<std::optional<Referral>> LoadReferral(const core::ReferralId& id) override;
  core::Status InsertReferral(const Referral& referral) override;
  core::Status UpdateReferral(const Referral& referral) override;
  core::Result<FiredRungs> FiredOf(const core::ReferralId& id) override;
  core::Status RecordFired(const core::ReferralId& id, ClockName clock, const std::string& rung, CityTime at) override;
  core::Result<std::optional<DueRung>> DueOf(const core::ReferralId& id) override;
  core::Status SetDue(const core::ReferralId& id, const std::optional<DueRung>& due) override;
  core::Status InsertNote(const core::ReferralId& referral, Move move, const SealedNote& note, CityTime at) override;
  core::Status Emit(const events::Draft& draft) override { return unit_.Emit(draft); }

 private:
  postgres::UnitOfWork& unit_;
  const std::string row_lock_;
};

// A referral as its row keeps it.
core::Result<Referral> ReadReferral(std::string_view content);

}  // namespace tilts::referral_routing
