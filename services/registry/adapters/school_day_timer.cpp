#include "registry/adapters/school_day_timer.hpp"

#include "registry/app/school_day_event.hpp"

namespace tilts::registry {
namespace {

using calendar::LocalDate;
using core::CityTime;
using core::Result;
using postgres::UnitOfWork;

std::int64_t Number(LocalDate day) {
  return day.time_since_epoch().count();
}

LocalDate Day(std::int64_t number) {
  return LocalDate(std::chrono::days(number));
}

struct Progress {
  std::optional<LocalDate> first;   // nothing: no instance has begun yet
  std::optional<LocalDate> closed;  // the last one
};

constexpr char kProgress[] =
    "SELECT (SELECT first_day FROM school_day_start), (SELECT max(day) FROM closed_school_day)";

Progress ReadProgress(const postgres::Row& row) {
  Progress progress;
  if (const auto first = row.OptionalInt(0)) progress.first = Day(*first);
  if (const auto closed = row.OptionalInt(1)) progress.closed = Day(*closed);
  return progress;
}

std::optional<LocalDate> NextOf(const Progress& progress, const calendar::Calendar& schools) {
  return progress.closed ? DayToCloseAfter(schools, *progress.closed) : progress.first;
}

core::Status Close(UnitOfWork& unit, const calendar::Calendar& schools, LocalDate day, CityTime closed_at,
                   CityTime now) {
  TILTS_ASSIGN(const SchoolDay described, DescribeSchoolDay(schools, day));
  TILTS_CHECK(unit.Exec(
      "INSERT INTO closed_school_day (day, school_year, semester, calendar_version, event_id, closed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      {Number(day), described.school_year, described.semester, schools.version(), SchoolDayEventId(day), now}));
  TILTS_ASSIGN(const auto drafts, AnnounceSchoolDay(described, schools.version(), closed_at, now));
  return unit.Emit(drafts);
}

}  // namespace

Result<SchoolDayTimer::Outcome> SchoolDayTimer::CloseNext() {
  return database_.Transact([&](UnitOfWork& unit) -> Result<Outcome> {
    TILTS_CHECK(unit.Lock("school-day", "close"));
    // Read behind the lock: what another instance closed meanwhile is seen, and the clock is not an old one.
    const CityTime now = clock_.Now();
    TILTS_ASSIGN(const auto rows, unit.Exec(kProgress));
    Progress progress = ReadProgress(rows.front());
    if (!progress.first) {
      progress.first = FirstDayToClose(schools_, now, options_.closes_hour);
      if (!progress.first) return Outcome::kCalendarEnds;
      TILTS_CHECK(unit.Exec("INSERT INTO school_day_start (first_day) VALUES ($1)", {Number(*progress.first)}));
    }
    const auto next = NextOf(progress, schools_);
    if (!next) return Outcome::kCalendarEnds;
    const CityTime closes_at = ClosesAt(*next, options_.closes_hour);
    if (now < closes_at) return Outcome::kNothingDue;
    TILTS_CHECK(Close(unit, schools_, *next, closes_at, now));
    return Outcome::kClosed;
  });
}

Result<std::size_t> SchoolDayTimer::CloseDue() {
  // Looked at first without the lock: a poll that finds nothing costs one statement.
  TILTS_ASSIGN(const ClosingBacklog backlog, Count());
  if (backlog.due == 0 && backlog.next_due_at) return 0;
  std::size_t closed = 0;
  for (;;) {
    TILTS_ASSIGN(const Outcome outcome, CloseNext());
    if (outcome == Outcome::kCalendarEnds && !calendar_ended_) {
      log_.Error("The school calendar has no further day: install a newer one", {{"version", schools_.version()}});
    }
    calendar_ended_ = outcome == Outcome::kCalendarEnds;
    if (outcome != Outcome::kClosed) return closed;
    ++closed;
  }
}

Result<ClosingBacklog> SchoolDayTimer::Count() {
  TILTS_ASSIGN(const auto rows, database_.Query(kProgress));
  const Progress progress = ReadProgress(rows.front());
  const CityTime now = clock_.Now();
  if (progress.first) return CountClosings(schools_, NextOf(progress, schools_), now, options_.closes_hour);
  ClosingBacklog backlog =
      CountClosings(schools_, FirstDayToClose(schools_, now, options_.closes_hour), now, options_.closes_hour);
  if (backlog.next_due_at) backlog.due = 1;
  return backlog;
}

void SchoolDayTimer::Round() {
  const auto closed = CloseDue();
  if (!closed && !failing_) {
    log_.Warning("School days wait to be closed",
                 {{"code", core::ToString(closed.error().code)}, {"reason", closed.error().reason}});
  }
  failing_ = !closed;
}

void SchoolDayTimer::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      Round();
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, options_.poll, [] { return false; });
    }
  });
}

void SchoolDayTimer::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tilts::registry
