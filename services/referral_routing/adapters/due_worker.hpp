#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/clock.hpp"
#include "log/log.hpp"
#include "postgres/database.hpp"
#include "referral_routing/adapters/ladder_probe.hpp"
#include "referral_routing/adapters/notes.hpp"
#include "referral_routing/adapters/referral_probe.hpp"
#include "referral_routing/app/ladder_timer.hpp"

namespace tilts::referral_routing {

struct DueCounts {
  std::uint64_t due_now = 0;
  std::optional<CityTime> next_due_at;
  std::string oldest;  // "referral/…" of the oldest rung that is due and not fired
  std::optional<CityTime> oldest_at;
  std::uint64_t outdated = 0;  // open referrals counted with an older calendar
};

// Fires due rungs by the city clock, counts deadlines again after a new calendar, hands held note keys to the vault.
// Any number of instances may run: the case's lock lets one of them work on a case, the others pass it by, and what
// was done is seen in the locked state.
class DueWorker {
 public:
  DueWorker(postgres::Database& database, const LadderTimer& timer, const DirectoryHolder& directory,
            const Notes& notes, const core::CityClock& clock, std::chrono::milliseconds poll, int batch,
            const log::Logger& log, LadderProbe probe = {}, ReferralProbe referrals = {})
      : database_(database),
        timer_(timer),
        directory_(directory),
        notes_(notes),
        clock_(clock),
        poll_(poll),
        batch_(batch),
        log_(log),
        probe_(probe),
        referrals_(std::move(referrals)) {}
  ~DueWorker() { Stop(); }
  DueWorker(const DueWorker&) = delete;
  DueWorker& operator=(const DueWorker&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();

  // One round each; how many rungs fired, how many referrals were counted anew.
  core::Result<std::size_t> FireDue();
  core::Result<std::size_t> RecountOutdated();

  core::Result<DueCounts> Count();

 private:
  void Round();
  void RewrapNotes();
  core::Result<std::size_t> FireOne(const core::CaseId& case_id, const core::ReferralId& id);

  postgres::Database& database_;
  const LadderTimer& timer_;
  const DirectoryHolder& directory_;
  const Notes& notes_;
  const core::CityClock& clock_;
  const std::chrono::milliseconds poll_;
  const int batch_;
  const log::Logger& log_;
  const LadderProbe probe_;
  const ReferralProbe referrals_;
  std::shared_ptr<const Directory> counted_;  // the directory of the last recount that found nothing
  bool failing_ = false;
  std::chrono::steady_clock::time_point next_rewrap_{};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::referral_routing
