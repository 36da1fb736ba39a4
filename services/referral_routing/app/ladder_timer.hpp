#pragma once

#include "core/clock.hpp"
#include "core/result.hpp"
#include "log/log.hpp"
#include "referral_routing/app/desk.hpp"

namespace tilts::referral_routing {

// Fires what is due. Everything is decided anew from the locked state: a worker that slept for an hour finds that
// another did the work, or that it is not due.
class LadderTimer {
 public:
  LadderTimer(const RoutingData& data, const DirectoryHolder& directory, const log::Logger& log)
      : data_(data), directory_(directory), log_(log) {}

  enum class Outcome { kFired, kBusy, kNothing };
  // One rung of one referral in one transaction.
  core::Result<Outcome> Fire(RoutingStore& store, const core::CaseId& case_id, const core::ReferralId& id,
                             CityTime now) const;

  // Counts an open referral's deadlines again when its calendar has another version now. True: it had.
  core::Result<bool> Recount(RoutingStore& store, const core::CaseId& case_id, const core::ReferralId& id,
                             CityTime now) const;

 private:
  core::Status Apply(Desk& desk, Referral referral, const ScheduledRung& rung) const;

  const RoutingData& data_;
  const DirectoryHolder& directory_;
  const log::Logger& log_;
};

}  // namespace tilts::referral_routing
