#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include "events/record.hpp"
#include "kafka/handles.hpp"
#include "kafka/producer.hpp"

namespace tilts::kafka {

// One librdkafka producer and its poll thread. Once ended it takes nothing more; what is unconfirmed is failed.
class Producer::Connection {
 public:
  static core::Result<std::shared_ptr<Connection>> Open(const KafkaOptions& options);
  ~Connection();

  // Waits for the reports of all records.
  core::Status Send(std::span<const events::OutgoingRecord> records);
  core::Status FetchMetadata(int limit_milliseconds);
  bool ended() const { return ended_; }

 private:
  // The records of one Send; reports arrive on the poll thread.
  struct Batch {
    std::mutex mutex;
    std::condition_variable done;
    std::size_t pending = 0;
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  };

  explicit Connection(std::chrono::milliseconds limit) : limit_(limit) {}
  static void OnReport(rd_kafka_t*, const rd_kafka_message_t* message, void*);
  rd_kafka_resp_err_t Enqueue(const events::OutgoingRecord& record, Batch& batch);
  core::Status Outcome(Batch& batch, rd_kafka_resp_err_t enqueue_error);
  void End();

  const std::chrono::milliseconds limit_;
  Client client_;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // guards batches_
  std::set<std::shared_ptr<Batch>> batches_;
  std::thread poller_;
};

}  // namespace tilts::kafka
