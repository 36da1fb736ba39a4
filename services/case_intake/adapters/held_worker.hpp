#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "core/clock.hpp"

namespace tilts::case_intake {

// Finishes reports that wait for the vault (or for the first list of institutions): resolves their people, fills or
// merges their case, wraps their texts under the child's key. Due by the city clock, with growing waits while the
// vault stays away. Several instances may run: the vault is asked with the same id and one transaction wins.
class HeldWorker {
 public:
  HeldWorker(const Office& office, const core::CityClock& clock, std::chrono::milliseconds poll)
      : office_(office), clock_(clock), poll_(poll) {}
  ~HeldWorker() { Stop(); }
  HeldWorker(const HeldWorker&) = delete;
  HeldWorker& operator=(const HeldWorker&) = delete;

  void Start();
  // Takes nothing new; Stop also waits for the report in hand.
  void RequestStop() { thread_.request_stop(); }
  void Stop();

  // One round: how many reports were finished.
  core::Result<std::size_t> WorkOnce();

 private:
  core::Result<bool> Finish(const core::ReportId& id, core::CityTime now);
  core::Status Postpone(const core::ReportId& id, core::CityTime now);

  const Office& office_;
  const core::CityClock& clock_;
  const std::chrono::milliseconds poll_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::case_intake
