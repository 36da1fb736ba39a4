#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "core/city_time.hpp"
#include "events/bus.hpp"
#include "postgres/database.hpp"

namespace tilts::postgres {

struct RelayOptions {
  std::size_t batch_rows = 500;
  std::chrono::milliseconds busy_poll{50};        // after work, and while another instance holds the relay lock
  std::chrono::milliseconds idle_poll{500};       // rows of an instance that died; local commits wake the relay at once
  std::chrono::milliseconds longest_wait{2'000};  // between tries while the broker is down
  // A relay that freezes between reading and deleting loses its transaction, and with it the lock.
  std::chrono::milliseconds frozen_after{3'000};
};

class RelayProbe {
 public:
  virtual ~RelayProbe() = default;
  virtual void OnPublished(std::size_t /*rows*/, std::chrono::nanoseconds) {}
  virtual void OnFailed(const core::Error&) {}
};

struct OutboxStatus {
  std::uint64_t rows = 0;
  std::optional<core::CityTime> oldest_at;  // by the database's clock: for operators, never for rules
};

// Publishes the outbox in order of seq and deletes rows after the broker's reports. One batch at a time per service,
// whichever instance holds the lock. Gives up never; a crash between publishing and deleting publishes the same ids
// again.
class OutboxRelay {
 public:
  // Both must outlive the relay. `publisher`'s own limit must be below `frozen_after`.
  OutboxRelay(Database& database, events::Publisher& publisher, RelayOptions options = {}, RelayProbe* probe = nullptr);
  ~OutboxRelay();

  void Start();  // also registers for wake-ups with the database
  void Stop();   // finishes the batch in hand

  // One batch, for tests: rows published; nothing when another instance holds the lock.
  core::Result<std::optional<std::size_t>> RelayOnce();

  static core::Result<OutboxStatus> Status(Database& database);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tilts::postgres
