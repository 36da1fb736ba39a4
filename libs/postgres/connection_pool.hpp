#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <thread>
#include <vector>

#include "core/result.hpp"
#include "postgres/database.hpp"

namespace tilts::postgres {

// One connection; exceptions of the client library end in here. Not thread-safe but for Interrupt.
class Connection {
 public:
  static core::Result<std::unique_ptr<Connection>> Open(const DatabaseOptions& options);
  ~Connection();

  core::Result<Rows> Exec(std::string_view sql, const Params& params);
  core::Result<Rows> Script(std::string_view sql);
  bool usable() const;

  // From the watchdog: ends a statement whose server does not answer any more by closing the socket under it.
  void InterruptIfOverdue();

 private:
  struct Parts;
  explicit Connection(std::unique_ptr<Parts> parts);
  template <typename Call>
  core::Result<Rows> Guard(Call call);

  std::unique_ptr<Parts> parts_;
  std::atomic<std::int64_t> deadline_{0};  // steady milliseconds; 0: no statement runs
};

class ConnectionPool {
 public:
  explicit ConnectionPool(DatabaseOptions options);
  ~ConnectionPool();

  // Gives its connection back, or drops it when it is no longer usable.
  class Lease {
   public:
    Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection, bool fresh)
        : pool_(&pool), connection_(std::move(connection)), fresh_(fresh) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (connection_) pool_->GiveBack(std::move(connection_));
    }
    Connection& operator*() const { return *connection_; }
    bool fresh() const { return fresh_; }

   private:
    ConnectionPool* pool_;
    std::unique_ptr<Connection> connection_;
    bool fresh_;
  };

  core::Result<Lease> Take();
  // After one lost connection the other idle ones are likely dead too (a restarted server).
  void DropIdle();
  // A moment between two tries of a transaction that lost a race, longer each time; ends early when the pool stops.
  void PauseBeforeRetry(int attempt);
  const DatabaseOptions& options() const { return options_; }

 private:
  friend class Lease;
  void GiveBack(std::unique_ptr<Connection> connection);
  void Watch();

  const DatabaseOptions options_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::condition_variable stopped_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::set<Connection*> leased_;
  int open_ = 0;
  bool stopping_ = false;
  std::thread watchdog_;
};

}  // namespace tilts::postgres
