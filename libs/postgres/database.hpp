#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "core/result.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::postgres {

struct DatabaseOptions {
  std::string host = "127.0.0.1";
  int port = 5432;
  std::string database;
  std::string user;
  std::string password;
  std::string schema;            // search_path of every connection; the service's own
  std::string application_name;  // seen in pg_stat_activity: service and instance
  int connections = 8;
  std::chrono::milliseconds connect_limit{3'000};
  std::chrono::milliseconds statement_limit{10'000};
  std::chrono::milliseconds idle_in_transaction_limit{10'000};
  std::chrono::milliseconds pool_wait{2'000};  // then kOverloaded
};

enum class Isolation { kReadCommitted, kRepeatableRead };

struct TransactOptions {
  Isolation isolation = Isolation::kReadCommitted;
  bool read_only = false;
  // 0: the database's own limit.
  std::chrono::milliseconds idle_in_transaction_limit{0};
};

// A bounded pool of connections to one database. A broken connection is thrown away and opened anew by the next use;
// the constructor connects to nothing. Thread-safe.
class Database {
 public:
  explicit Database(DatabaseOptions options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Runs `work(UnitOfWork&) -> core::Result<T>` (or core::Status) in one transaction: committed when it returns a
  // value, rolled back when it returns an error. Retried on a serialization failure or deadlock, so `work` must have
  // no effects outside the transaction. kUnavailable with reason COMMIT_UNKNOWN: the connection was lost while
  // committing and the outcome is not known; repeating must be harmless (idempotency key, offset, unique index).
  template <typename Work>
  auto Transact(Work&& work, TransactOptions options = {}) -> std::invoke_result_t<Work, UnitOfWork&> {
    using Outcome = std::invoke_result_t<Work, UnitOfWork&>;
    std::optional<Outcome> outcome;
    core::Status status = Run(
        [&](UnitOfWork& unit) -> core::Status {
          outcome.emplace(work(unit));
          if (!*outcome) return core::Fail(outcome->error());
          return {};
        },
        options);
    if (!status) return core::Fail(std::move(status).error());
    return std::move(*outcome);
  }

  // One statement in a transaction of its own.
  core::Result<Rows> Query(std::string_view sql, const Params& params = {});

  // SELECT 1 within a second: readiness.
  core::Status Ping();

  // Called after each commit that emitted events; the outbox relay registers itself here. Empty: nobody.
  void SetOnEmitted(std::function<void()> wake);

  const DatabaseOptions& options() const;

 private:
  core::Status Run(const std::function<core::Status(UnitOfWork&)>& work, const TransactOptions& options);

  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace tilts::postgres
