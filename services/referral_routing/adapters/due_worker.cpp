#include "referral_routing/adapters/due_worker.hpp"

#include <algorithm>

#include "referral_routing/adapters/sql_store.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;
using core::Status;
using postgres::UnitOfWork;

constexpr std::chrono::milliseconds kVaultTimeout{1'000};
constexpr std::chrono::seconds kRewrapInterval{2};
constexpr std::chrono::seconds kRewrapWait{30};
// A worker that freezes while it holds a case's lock loses its transaction, and with it the lock.
constexpr postgres::TransactOptions kFreezable{postgres::Isolation::kReadCommitted, false,
                                               std::chrono::milliseconds{3'000}};

// (calendar id, version) pairs of the directory as two parallel arrays.
struct Versions {
  std::vector<std::string> ids;
  std::vector<std::string> versions;
};

Versions VersionsOf(const Directory& directory) {
  Versions versions;
  for (const auto& [id, calendar] : directory.calendars().all()) {
    versions.ids.push_back(id);
    versions.versions.push_back(calendar.version());
  }
  return versions;
}

constexpr char kOutdated[] =
    " FROM referral r JOIN unnest($1::text[], $2::text[]) AS known (id, version) ON known.id = r.calendar_id "
    "WHERE r.is_open AND r.calendar_version <> known.version";

}  // namespace

Result<std::size_t> DueWorker::FireOne(const core::CaseId& case_id, const core::ReferralId& id) {
  // The clock is read anew: this worker may have slept between looking and locking.
  std::optional<Referral> before;
  std::optional<Referral> after;
  const auto fire = [&](UnitOfWork& unit) -> Result<LadderTimer::Outcome> {
    SqlStore store(unit);
    SqlStore shown(unit, Reading::kToShow);
    TILTS_ASSIGN(before, shown.LoadReferral(id));
    TILTS_ASSIGN(const auto outcome, timer_.Fire(store, case_id, id, clock_.Now()));
    TILTS_ASSIGN(after, shown.LoadReferral(id));
    return outcome;
  };
  TILTS_ASSIGN(const LadderTimer::Outcome outcome, database_.Transact(fire, kFreezable));
  if (outcome == LadderTimer::Outcome::kFired && before && after) referrals_.Changed(*before, *after);
  return outcome == LadderTimer::Outcome::kFired ? 1 : 0;
}

Result<std::size_t> DueWorker::FireDue() {
  const CityTime now = clock_.Now();
  TILTS_ASSIGN(
      const auto rows,
      database_.Query("SELECT r.case_id, r.referral_id, d.due_at FROM due d JOIN referral r USING (referral_id) "
                      "WHERE d.due_at <= $1 ORDER BY d.due_at, r.position LIMIT $2",
                      {now, batch_}));
  probe_.due.Set(static_cast<double>(rows.size()));
  probe_.lag.Set(rows.empty() ? 0 : std::chrono::duration<double>(now - rows.front().Time(2)).count());
  std::size_t fired = 0;
  for (const postgres::Row row : rows) {
    if (thread_.get_stop_token().stop_requested()) break;
    const auto one = FireOne(core::CaseId(row.Text(0)), core::ReferralId(row.Text(1)));
    if (one) {
      fired += *one;
      continue;
    }
    // One referral that cannot be worked on costs the others nothing.
    probe_.failures.Add();
    log_.Error(
        "A due rung could not be fired; it is tried again",
        {{"referral_id", row.Text(1)}, {"code", core::ToString(one.error().code)}, {"reason", one.error().reason}});
  }
  probe_.fired.Add(static_cast<double>(fired));
  return fired;
}

Result<std::size_t> DueWorker::RecountOutdated() {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  if (directory == counted_) return 0;
  const Versions known = VersionsOf(*directory);
  TILTS_ASSIGN(const auto rows, database_.Query(std::string("SELECT r.case_id, r.referral_id") + kOutdated +
                                                    " ORDER BY r.position LIMIT $3",
                                                {known.ids, known.versions, batch_}));
  std::size_t counted = 0;
  for (const postgres::Row row : rows) {
    const auto recount = [&](UnitOfWork& unit) {
      SqlStore store(unit);
      return timer_.Recount(store, core::CaseId(row.Text(0)), core::ReferralId(row.Text(1)), clock_.Now());
    };
    TILTS_ASSIGN(const bool changed, database_.Transact(recount, kFreezable));
    counted += changed ? 1 : 0;
  }
  if (counted == 0) counted_ = directory;
  return counted;
}

Result<DueCounts> DueWorker::Count() {
  DueCounts counts;
  const CityTime now = clock_.Now();
  TILTS_ASSIGN(const auto due,
               database_.Query("SELECT count(*) FILTER (WHERE due_at <= $1), min(due_at) FILTER (WHERE due_at > $1) "
                               "FROM due",
                               {now}));
  counts.due_now = static_cast<std::uint64_t>(due.front().Int(0));
  counts.next_due_at = due.front().OptionalTime(1);
  if (counts.due_now > 0) {
    TILTS_ASSIGN(const auto oldest, database_.Query("SELECT referral_id, due_at FROM due ORDER BY due_at LIMIT 1"));
    if (!oldest.empty()) {
      counts.oldest = "referral/" + oldest.front().Text(0);
      counts.oldest_at = oldest.front().Time(1);
    }
  }
  if (const auto directory = directory_.Get()) {
    const Versions known = VersionsOf(**directory);
    TILTS_ASSIGN(const auto rows,
                 database_.Query(std::string("SELECT count(*)") + kOutdated, {known.ids, known.versions}));
    counts.outdated = static_cast<std::uint64_t>(rows.front().Int(0));
  }
  return counts;
}

void DueWorker::Round() {
  Status status;
  const auto fired = FireDue();
  if (!fired) status = core::Fail(fired.error());
  const auto counted = RecountOutdated();
  if (!counted) status = core::Fail(counted.error());
  RewrapNotes();
  if (!status && !failing_) {
    log_.Warning("Due work waits", {{"code", core::ToString(status.error().code)}, {"reason", status.error().reason}});
  }
  failing_ = !status;
}

// Now and then only: the vault may be down, and waiting for it would keep rungs from firing in time. Its absence is no
// failure: held keys are as safe as before.
void DueWorker::RewrapNotes() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_rewrap_) return;
  const auto done = notes_.Rewrap(database_, batch_, {"note-keys", {}, now + kVaultTimeout});
  next_rewrap_ = now + (done ? kRewrapInterval : kRewrapWait);
}

void DueWorker::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      Round();
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, poll_, [] { return false; });
    }
  });
}

void DueWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tilts::referral_routing
