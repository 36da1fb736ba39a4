#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "case_intake/adapters/fact_placing.hpp"
#include "case_intake/adapters/held_fact_store.hpp"
#include "core/clock.hpp"

namespace tilts::case_intake {

// Takes held facts to the log once their pupil is known: at once when an enrolment made the number known, else found by
// asking for what waits, a page a round. A row goes only after its fact is on the log; several instances may run.
class HeldFactWorker {
 public:
  HeldFactWorker(const FactOffice& facts, SchoolDays& school_days, const core::CityClock& clock,
                 std::chrono::milliseconds poll)
      : facts_(facts), school_days_(school_days), clock_(clock), poll_(poll) {}
  ~HeldFactWorker() { Stop(); }
  HeldFactWorker(const HeldFactWorker&) = delete;
  HeldFactWorker& operator=(const HeldFactWorker&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();
  void Wake();

  // One round: how many facts left for the log.
  core::Result<std::size_t> WorkOnce();
  // Tries these rows, whatever they wait for.
  core::Result<std::size_t> Resolve(const std::vector<HeldFactRow>& rows, const std::string& cause_id);

 private:
  core::Result<std::size_t> ResolveOf(const std::string& institution_id, const std::vector<const HeldFactRow*>& rows,
                                      const std::string& cause_id);
  core::Status Settle(const std::string& cause_id, const std::vector<const HeldFactRow*>& rows,
                      const std::vector<FactInHand>& in_hand, core::CityTime now);
  void LookAtCalendar();

  const FactOffice& facts_;
  SchoolDays& school_days_;
  const core::CityClock& clock_;
  const std::chrono::milliseconds poll_;
  std::string waiting_after_;  // where the next page of waiting ones begins
  std::chrono::steady_clock::time_point calendar_due_{};
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool woken_ = false;
  std::jthread thread_;
};

}  // namespace tilts::case_intake
