#include "kafka/producer.hpp"

#include <algorithm>
#include <mutex>

#include "kafka/producer_connection.hpp"

namespace tilts::kafka {

struct Producer::Parts {
  KafkaOptions options;
  std::mutex mutex;  // guards current
  std::shared_ptr<Connection> current;
  std::atomic<std::uint64_t> acknowledged = 0;
  std::atomic<std::uint64_t> failed = 0;
  std::atomic<std::uint64_t> recreated = 0;

  core::Result<std::shared_ptr<Connection>> Current() {
    std::shared_ptr<Connection> old;  // dies outside the lock: that may take a moment
    const std::lock_guard lock(mutex);
    if (current && !current->ended()) return current;
    if (current) ++recreated;
    old = std::move(current);
    TILTS_ASSIGN(current, Connection::Open(options));
    return current;
  }
};

core::Result<std::unique_ptr<Producer>> Producer::Create(const KafkaOptions& options) {
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  TILTS_CHECK(parts->Current());
  return std::unique_ptr<Producer>(new Producer(std::move(parts)));
}

Producer::Producer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Producer::~Producer() = default;

core::Status Producer::Publish(std::span<const events::OutgoingRecord> records) {
  if (records.empty()) return {};
  const bool too_large = std::any_of(records.begin(), records.end(), [](const events::OutgoingRecord& record) {
    return record.value.size() > events::kMaxRecordBytes;
  });
  if (too_large) return core::Fail(core::Errc::kInvalid, "a record is too large", "RECORD_TOO_LARGE");
  TILTS_ASSIGN(const std::shared_ptr<Connection> connection, parts_->Current());
  core::Status status = connection->Send(records);
  (status ? parts_->acknowledged : parts_->failed) += records.size();
  return status;
}

core::Status Producer::WarmUp() {
  TILTS_ASSIGN(const std::shared_ptr<Connection> connection, parts_->Current());
  return connection->FetchMetadata(static_cast<int>(parts_->options.admin_limit.count()));
}

ProducerStatistics Producer::statistics() const {
  return {parts_->acknowledged, parts_->failed, parts_->recreated};
}

}  // namespace tilts::kafka
