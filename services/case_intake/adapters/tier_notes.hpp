#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "core/clock.hpp"

namespace tilts::case_intake {

// The text under the pupil's key; under the holding key while the vault cannot be asked.
NoteRow SealTierNote(const Office& office, const core::NoteId& id, const core::PersonId& pupil, const std::string& text,
                     core::CityTime now, const VaultCall& call);

// Into the table tier_note: a text that no report holds. One under the holding key is due for the vault.
core::Status InsertTierNote(postgres::UnitOfWork& unit, const core::PersonId& pupil, const NoteRow& note);

struct TierNoteBacklog {
  std::uint64_t due_now = 0;
  std::optional<core::CityTime> next_due_at;
};
core::Result<TierNoteBacklog> CountTierNotes(postgres::Database& database, core::CityTime now);

// Puts texts that wait under the pupil's key once the vault is back, so that an erasure takes them along. Due by the
// city clock with growing waits; several instances may run, a text is wrapped once.
class TierNoteWorker {
 public:
  TierNoteWorker(const Office& office, const core::CityClock& clock, std::chrono::milliseconds poll)
      : office_(office), clock_(clock), poll_(poll) {}
  ~TierNoteWorker() { Stop(); }
  TierNoteWorker(const TierNoteWorker&) = delete;
  TierNoteWorker& operator=(const TierNoteWorker&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();
  // One round: how many texts were wrapped.
  core::Result<std::size_t> WorkOnce();

 private:
  const Office& office_;
  const core::CityClock& clock_;
  const std::chrono::milliseconds poll_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::case_intake
