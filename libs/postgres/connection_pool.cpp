#include "postgres/connection_pool.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "postgres/sql_error.hpp"

namespace tilts::postgres {

ConnectionPool::ConnectionPool(DatabaseOptions options)
    : options_(std::move(options)), watchdog_([this] { Watch(); }) {}

ConnectionPool::~ConnectionPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  watchdog_.join();
}

core::Result<ConnectionPool::Lease> ConnectionPool::Take() {
  {
    std::unique_lock lock(mutex_);
    const bool free =
        returned_.wait_for(lock, options_.pool_wait, [this] { return !idle_.empty() || open_ < options_.connections; });
    if (!free) {
      return core::Fail(core::Errc::kOverloaded, "all database connections are busy: try again", "DATABASE_POOL");
    }
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      leased_.insert(connection.get());
      return Lease(*this, std::move(connection), false);
    }
    ++open_;
  }
  auto connection = Connection::Open(options_);
  const std::lock_guard lock(mutex_);
  if (!connection) {
    --open_;
    returned_.notify_one();
    return core::Fail(std::move(connection).error());
  }
  leased_.insert(connection->get());
  return Lease(*this, std::move(*connection), true);
}

void ConnectionPool::GiveBack(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  leased_.erase(connection.get());
  if (connection->usable()) {
    idle_.push_back(std::move(connection));
  } else {
    --open_;
    connection.reset();
  }
  returned_.notify_one();
}

void ConnectionPool::DropIdle() {
  const std::lock_guard lock(mutex_);
  open_ -= static_cast<int>(idle_.size());
  idle_.clear();
  returned_.notify_all();
}

void ConnectionPool::PauseBeforeRetry(int attempt) {
  // Threads that raced wait differently long, or they would race again.
  const auto spread = std::hash<std::thread::id>{}(std::this_thread::get_id()) / 64 % 4;
  const auto wait = std::chrono::microseconds(500 * (1 + static_cast<int>(spread)) << std::min(attempt, 6));
  std::unique_lock lock(mutex_);
  stopped_.wait_for(lock, wait, [this] { return stopping_; });
}

// The server's own statement_timeout ends a slow statement; this one ends a server that does not answer at all.
void ConnectionPool::Watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    for (Connection* connection : leased_) connection->InterruptIfOverdue();
  }
}

}  // namespace tilts::postgres
