#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "calendar/calendar.hpp"
#include "core/clock.hpp"
#include "log/log.hpp"
#include "postgres/database.hpp"
#include "registry/domain/school_day.hpp"

namespace tilts::registry {

// Announces each school day once its hour has come, by the city clock: one row and one broadcast in one transaction,
// days in order. Any number of instances may run; the lock lets one of them close a day and the others see it closed.
class SchoolDayTimer {
 public:
  struct Options {
    unsigned closes_hour = 20;  // local, Riga
    std::chrono::milliseconds poll{200};
  };

  SchoolDayTimer(postgres::Database& database, calendar::Calendar schools, const core::CityClock& clock,
                 Options options, const log::Logger& log)
      : database_(database), schools_(std::move(schools)), clock_(clock), options_(options), log_(log) {}
  ~SchoolDayTimer() { Stop(); }
  SchoolDayTimer(const SchoolDayTimer&) = delete;
  SchoolDayTimer& operator=(const SchoolDayTimer&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();

  // One round: every day that is due. How many this instance closed.
  core::Result<std::size_t> CloseDue();

  // While nothing is fixed yet, that itself is due.
  core::Result<ClosingBacklog> Count();

 private:
  enum class Outcome { kNothingDue, kCalendarEnds, kClosed };
  core::Result<Outcome> CloseNext();
  void Round();

  postgres::Database& database_;
  const calendar::Calendar schools_;
  const core::CityClock& clock_;
  const Options options_;
  const log::Logger& log_;
  bool failing_ = false;
  bool calendar_ended_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::registry
