#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
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
    explicit Batch(std::size_t records) : pending(records) {}
    // So many reports have come, or never will; the last one wakes who waits.
    void Settle(std::size_t records);

    std::atomic<std::size_t> pending;
    std::atomic<rd_kafka_resp_err_t> error = RD_KAFKA_RESP_ERR_NO_ERROR;  // the first
    std::mutex mutex;                                                     // guards settled
    std::condition_variable done;
    bool settled = false;
  };

  explicit Connection(std::chrono::milliseconds limit) : limit_(limit) {}
  static void OnReport(rd_kafka_t*, const rd_kafka_message_t* message, void*);
  // How many were taken before the first error.
  std::size_t EnqueueAll(std::span<const events::OutgoingRecord> records, Batch& batch, rd_kafka_resp_err_t& error);
  rd_kafka_resp_err_t Enqueue(const events::OutgoingRecord& record, rd_kafka_topic_t* topic, Batch& batch);
  TopicHandle TopicOf(const std::string& name);
  core::Status Outcome(Batch& batch, rd_kafka_resp_err_t enqueue_error);
  void End();

  const std::chrono::milliseconds limit_;
  Client client_;
  std::atomic<bool> ended_ = false;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;  // guards batches_ and topics_
  std::set<std::shared_ptr<Batch>> batches_;
  std::map<std::string, TopicHandle> topics_;
  std::thread poller_;
};

}  // namespace tilts::kafka
