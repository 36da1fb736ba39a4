#include "kafka/producer_connection.hpp"

#include <array>

namespace tilts::kafka {

core::Result<std::shared_ptr<Producer::Connection>> Producer::Connection::Open(const KafkaOptions& options) {
  const Settings own = {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      // With no time-out of single messages and this guarantee, a failure is never followed by a later success of
      // the same partition: what arrives is a prefix.
      {"message.timeout.ms", "0"},
      {"enable.gapless.guarantee", "true"},
      {"partitioner", "murmur2_random"},
      {"linger.ms", std::to_string(options.linger.count())},
      {"batch.size", "262144"},
      {"compression.codec", "lz4"},
      {"message.max.bytes", "1000000"},
      {"queue.buffering.max.messages", "200000"},
      {"queue.buffering.max.kbytes", "131072"},
      {"topic.metadata.propagation.max.ms", "2000"},
  };
  TILTS_ASSIGN(Conf conf, MakeConf(options, own));
  rd_kafka_conf_set_dr_msg_cb(conf.get(), &OnReport);
  std::shared_ptr<Connection> connection(new Connection(options.publish_limit));
  TILTS_ASSIGN(connection->client_, MakeClient(RD_KAFKA_PRODUCER, std::move(conf)));
  connection->poller_ = std::thread([self = connection.get()] {
    while (!self->stopping_) rd_kafka_poll(self->client_.get(), 200);
  });
  return connection;
}

Producer::Connection::~Connection() {
  if (!client_) return;
  // Destroying a producer drops what is queued without a word; nothing may be left here that somebody waits for.
  if (!ended_) rd_kafka_flush(client_.get(), static_cast<int>(limit_.count()));
  End();
  rd_kafka_flush(client_.get(), 500);
  stopping_ = true;
  poller_.join();
}

void Producer::Connection::Batch::Settle(std::size_t records) {
  if (records == 0 || pending.fetch_sub(records) != records) return;
  const std::lock_guard lock(mutex);
  settled = true;
  done.notify_all();
}

void Producer::Connection::OnReport(rd_kafka_t*, const rd_kafka_message_t* message, void*) {
  Batch& batch = *static_cast<Batch*>(message->_private);
  if (message->err) {
    rd_kafka_resp_err_t none = RD_KAFKA_RESP_ERR_NO_ERROR;
    batch.error.compare_exchange_strong(none, message->err);
  }
  batch.Settle(1);
}

TopicHandle Producer::Connection::TopicOf(const std::string& name) {
  const std::lock_guard lock(mutex_);
  TopicHandle& topic = topics_[name];
  if (!topic)
    topic.reset(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr), [](rd_kafka_topic_t* handle) {
      if (handle != nullptr) rd_kafka_topic_destroy(handle);
    });
  return topic;
}

rd_kafka_resp_err_t Producer::Connection::Enqueue(const events::OutgoingRecord& record, rd_kafka_topic_t* topic,
                                                  Batch& batch) {
  rd_kafka_headers_t* headers = record.headers.empty() ? nullptr : rd_kafka_headers_new(record.headers.size());
  for (const events::Header& header : record.headers) {
    rd_kafka_header_add(headers, header.name.data(), static_cast<ssize_t>(header.name.size()), header.value.data(),
                        static_cast<ssize_t>(header.value.size()));
  }
  std::array<rd_kafka_vu_t, 7> parts{};
  parts[0].vtype = RD_KAFKA_VTYPE_RKT;
  parts[0].u.rkt = topic;
  parts[1].vtype = RD_KAFKA_VTYPE_PARTITION;
  parts[1].u.i32 = record.partition.value_or(RD_KAFKA_PARTITION_UA);
  parts[2].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[2].u.mem.ptr = const_cast<char*>(record.value.data());
  parts[2].u.mem.size = record.value.size();
  parts[3].vtype = RD_KAFKA_VTYPE_KEY;
  parts[3].u.mem.ptr = record.key.empty() ? nullptr : const_cast<char*>(record.key.data());
  parts[3].u.mem.size = record.key.size();
  parts[4].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[4].u.i = RD_KAFKA_MSG_F_COPY;
  parts[5].vtype = RD_KAFKA_VTYPE_OPAQUE;
  parts[5].u.ptr = &batch;
  parts[6].vtype = RD_KAFKA_VTYPE_HEADERS;
  parts[6].u.headers = headers;
  const LibraryError error(rd_kafka_produceva(client_.get(), parts.data(), headers ? 7 : 6));
  if (!error) return RD_KAFKA_RESP_ERR_NO_ERROR;
  if (headers) rd_kafka_headers_destroy(headers);
  return rd_kafka_error_code(error.get());
}

std::size_t Producer::Connection::EnqueueAll(std::span<const events::OutgoingRecord> records, Batch& batch,
                                             rd_kafka_resp_err_t& error) {
  TopicHandle topic;
  const std::string* name = nullptr;
  for (std::size_t taken = 0; taken < records.size(); ++taken) {
    const events::OutgoingRecord& record = records[taken];
    if (name == nullptr || *name != record.topic) {
      name = &record.topic;
      topic = TopicOf(*name);
    }
    error = topic ? Enqueue(record, topic.get(), batch) : rd_kafka_last_error();
    if (error) return taken;
  }
  return records.size();
}

core::Status Producer::Connection::Send(std::span<const events::OutgoingRecord> records) {
  const auto deadline = std::chrono::steady_clock::now() + limit_;
  const auto batch = std::make_shared<Batch>(records.size());
  {
    const std::lock_guard lock(mutex_);
    batches_.insert(batch);
  }
  rd_kafka_resp_err_t enqueue_error = RD_KAFKA_RESP_ERR_NO_ERROR;
  batch->Settle(records.size() - EnqueueAll(records, *batch, enqueue_error));
  bool reported = false;
  {
    std::unique_lock lock(batch->mutex);
    reported = batch->done.wait_until(lock, deadline, [&] { return batch->settled; });
  }
  if (!reported) {
    // The batch stays in batches_ until this connection dies: its reports are still to come.
    End();
    return core::Fail(core::Errc::kUnavailable, "the broker did not confirm in time: send the same records again",
                      "PUBLISH_UNCONFIRMED");
  }
  const std::lock_guard lock(mutex_);
  batches_.erase(batch);
  const core::Status outcome = Outcome(*batch, enqueue_error);
  // A topic that was not there may be by the next time.
  if (!outcome) topics_.clear();
  return outcome;
}

core::Status Producer::Connection::Outcome(Batch& batch, rd_kafka_resp_err_t enqueue_error) {
  const rd_kafka_resp_err_t reported = batch.error;
  const rd_kafka_resp_err_t code = reported ? reported : enqueue_error;
  if (!code) return {};
  std::array<char, 16> text{};
  if (rd_kafka_fatal_error(client_.get(), text.data(), text.size())) End();
  core::Error error = FromKafka(code, "the broker did not take the records");
  if (error.code == core::Errc::kUnavailable) {
    End();
    error.reason = "PUBLISH_UNCONFIRMED";
  }
  return core::Fail(std::move(error));
}

void Producer::Connection::End() {
  if (ended_.exchange(true)) return;
  rd_kafka_purge(client_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

core::Status Producer::Connection::FetchMetadata(int limit_milliseconds) {
  const rd_kafka_metadata_t* metadata = nullptr;
  if (const auto code = rd_kafka_metadata(client_.get(), 1, nullptr, &metadata, limit_milliseconds)) {
    return core::Fail(FromKafka(code, "the broker does not answer"));
  }
  rd_kafka_metadata_destroy(metadata);
  return {};
}

}  // namespace tilts::kafka
