#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "core/clock.hpp"
#include "kafka/log_reader.hpp"
#include "log/log.hpp"
#include "postgres/database.hpp"
#include "postgres/offset_store.hpp"
#include "registry/app/vault_store.hpp"

namespace tilts::registry {

// Reads erasures back from the audit log and does again what the database does not know of. How far it read is kept in
// the database itself, so one that was put back to an older state is read up from there by itself: at the start before
// any key is used (`up_to_date`), and within a poll while running. Any number of instances may run.
class ErasureReader {
 public:
  struct Options {
    kafka::KafkaOptions kafka;
    events::TopicPartition trail;  // where the registry's chain of persons is
    std::chrono::milliseconds poll{5'000};
    std::chrono::milliseconds retry{250};  // until the log was read once
  };
  // The partition of tilts.audit.v1 that the chain's records go to.
  static core::Result<events::TopicPartition> TrailOfPersons();

  ErasureReader(postgres::Database& database, VaultStore& vault, const core::CityClock& clock, Options options,
                const log::Logger& log)
      : database_(database), vault_(vault), clock_(clock), options_(std::move(options)), log_(log) {}
  ~ErasureReader() { Stop(); }
  ErasureReader(const ErasureReader&) = delete;
  ErasureReader& operator=(const ErasureReader&) = delete;

  void Start();
  void RequestStop() { thread_.request_stop(); }
  void Stop();

  // Reads to where the log ends now. How many persons and school years were erased again.
  core::Result<std::size_t> CatchUp();
  // The database knows every erasure that the log had at the last round.
  bool up_to_date() const { return up_to_date_; }

 private:
  struct Place {
    std::optional<std::int64_t> stored;
    std::int64_t next = 0;
    std::int64_t end = 0;
  };
  core::Result<Place> FindPlace();
  core::Result<std::size_t> ReadOn(Place& place);
  void Round();

  postgres::Database& database_;
  VaultStore& vault_;
  const core::CityClock& clock_;
  const Options options_;
  const log::Logger& log_;
  const postgres::OffsetStore offsets_{"registry-erasures"};
  std::unique_ptr<kafka::LogReader> reader_;
  std::int64_t known_ = 0;  // where the last round ended
  std::atomic<bool> up_to_date_{false};
  bool failing_ = false;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace tilts::registry
