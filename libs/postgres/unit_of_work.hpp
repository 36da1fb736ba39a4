#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "events/record.hpp"
#include "postgres/value.hpp"

namespace tilts::postgres {

class UnitOfWork;

// What the handlers of one transaction collect to write at once. Written before the commit, and before the end of each
// Attempt, so that whatever a record added stands or falls with it.
class Gathering {
 public:
  virtual ~Gathering() = default;
  virtual core::Status Write(UnitOfWork& unit) = 0;
};

// One SQL transaction: a service's own writes, its outgoing events and a consumer's offset, together or not at all.
// Made by Database::Transact only; not thread-safe; dead when Transact's function returns.
class UnitOfWork {
 public:
  class Session;  // the connection and transaction; in database.cpp

  explicit UnitOfWork(Session& session) : session_(session) {}
  UnitOfWork(const UnitOfWork&) = delete;
  UnitOfWork& operator=(const UnitOfWork&) = delete;

  // One statement with $1, $2 … Errors carry no values:
  //   kAlreadyExists  unique constraint; `reason` is the constraint's name
  //   kRefused        foreign key or exclusion; `reason` is the constraint's name
  //   kInvalid        check or not-null constraint, value out of range
  //   kConflict       serialization failure, deadlock, lock not available (Transact retries the first two)
  //   kUnavailable, kTimeout, kOverloaded   the server
  //   kInternal       everything else; `reason` is "SQL_<sqlstate>"
  // After an error the transaction can only be rolled back, unless it happened inside Attempt.
  core::Result<Rows> Exec(std::string_view sql, const Params& params = {});
  // Several statements without parameters (migrations).
  core::Status ExecScript(std::string_view sql);

  // Runs `work` under a savepoint: an error undoes what it did and leaves the transaction usable.
  core::Status Attempt(const std::function<core::Status()>& work);

  // The transaction's gathering of this owner, made by `make` at its first use since the last writing.
  Gathering& Gathered(const void* owner, const std::function<std::unique_ptr<Gathering>()>& make);
  // Writes what was gathered now, for a caller that wants to know whose failure it is.
  core::Status WriteGathered();

  // Into the outbox, to be published after the commit in the order of emission. Lock the aggregate's row first
  // (SELECT … FOR UPDATE, or an UPDATE): then the order per key is the order of commits.
  core::Status Emit(const events::Draft& draft);
  core::Status Emit(const std::vector<events::Draft>& drafts);

  // Waits for, or tries to get, a lock that ends with the transaction. `kind` keeps the uses apart.
  core::Status Lock(std::string_view kind, std::string_view key);
  core::Result<bool> TryLock(std::string_view kind, std::string_view key);

 private:
  Session& session_;
};

}  // namespace tilts::postgres
