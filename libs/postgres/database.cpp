#include "postgres/database.hpp"

#include <absl/strings/str_cat.h>

#include <exception>
#include <mutex>

#include "postgres/connection_pool.hpp"
#include "postgres/session.hpp"
#include "postgres/sql_error.hpp"

namespace tilts::postgres {
namespace {

constexpr int kRaceAttempts = 8;

std::string BeginText(const TransactOptions& options) {
  std::string sql = options.isolation == Isolation::kRepeatableRead ? "BEGIN ISOLATION LEVEL REPEATABLE READ" : "BEGIN";
  if (options.read_only) sql += " READ ONLY";
  if (options.idle_in_transaction_limit.count() > 0) {
    absl::StrAppend(&sql,
                    "; SET LOCAL idle_in_transaction_session_timeout=", options.idle_in_transaction_limit.count());
  }
  return sql;
}

core::Status WithoutExceptions(const std::function<core::Status(UnitOfWork&)>& work, UnitOfWork& unit) {
  try {
    return work(unit);
  } catch (const std::exception& error) {
    return core::Fail(core::Errc::kInternal, absl::StrCat("a transaction's work failed: ", error.what()),
                      "UNIT_OF_WORK");
  }
}

core::Status Commit(Connection& connection) {
  auto done = connection.Script("COMMIT");
  if (done) return {};
  if (connection.usable()) return core::Fail(std::move(done).error());  // refused, nothing was written
  return core::Fail(core::Errc::kUnavailable, "the connection was lost while committing: the outcome is not known",
                    "COMMIT_UNKNOWN");
}

}  // namespace

struct Database::Pool {
  explicit Pool(DatabaseOptions options) : connections(std::move(options)) {}

  // An open transaction; a connection that died while idle is replaced once.
  core::Result<ConnectionPool::Lease> Begin(const std::string& sql) {
    TILTS_ASSIGN(auto lease, connections.Take());
    auto begun = (*lease).Script(sql);
    if (begun) return lease;
    if ((*lease).usable() || lease.fresh()) return core::Fail(std::move(begun).error());
    connections.DropIdle();
    TILTS_ASSIGN(auto second, connections.Take());
    TILTS_CHECK((*second).Script(sql));
    return second;
  }

  void Wake() {
    std::function<void()> wake;
    {
      const std::lock_guard lock(mutex);
      wake = on_emitted;
    }
    if (wake) wake();
  }

  ConnectionPool connections;
  std::mutex mutex;  // guards on_emitted
  std::function<void()> on_emitted;
};

Database::Database(DatabaseOptions options) : pool_(std::make_unique<Pool>(std::move(options))) {}
Database::~Database() = default;

core::Status Database::Run(const std::function<core::Status(UnitOfWork&)>& work, const TransactOptions& options) {
  const std::string begin = BeginText(options);
  core::Status status;
  for (int attempt = 0; attempt < kRaceAttempts; ++attempt) {
    if (attempt > 0) pool_->connections.PauseBeforeRetry(attempt);
    TILTS_ASSIGN(auto lease, pool_->Begin(begin));
    UnitOfWork::Session session(*lease);
    UnitOfWork unit(session);
    status = WithoutExceptions(work, unit);
    // An error that the work overlooked has aborted the transaction on the server: COMMIT would quietly roll back.
    if (status && session.broken()) status = core::Fail(*session.broken());
    if (status) status = session.Flush();
    if (status) status = Commit(*lease);
    if (status) {
      if (session.emitted()) pool_->Wake();
      return {};
    }
    const bool raced = IsRetryable(status.error()) || (session.broken() && IsRetryable(*session.broken()));
    if ((*lease).usable()) static_cast<void>((*lease).Script("ROLLBACK"));
    if (!raced) return status;
  }
  return status;
}

core::Result<Rows> Database::Query(std::string_view sql, const Params& params) {
  TILTS_ASSIGN(auto lease, pool_->connections.Take());
  auto rows = (*lease).Exec(sql, params);
  if (!rows && !(*lease).usable()) pool_->connections.DropIdle();
  return rows;
}

core::Status Database::Ping() {
  auto answer = Query("SELECT 1");
  // One dead idle connection says nothing about the server; the next one is fresh.
  if (!answer) answer = Query("SELECT 1");
  if (!answer) return core::Fail(std::move(answer).error());
  return {};
}

void Database::SetOnEmitted(std::function<void()> wake) {
  const std::lock_guard lock(pool_->mutex);
  pool_->on_emitted = std::move(wake);
}

const DatabaseOptions& Database::options() const {
  return pool_->connections.options();
}

}  // namespace tilts::postgres
