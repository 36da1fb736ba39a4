#include "kafka/log_reader.hpp"

#include "kafka/handles.hpp"

namespace tilts::kafka {
namespace {

constexpr int kDescribeLimit = 3'000;

Settings ReaderSettings(const KafkaOptions& options) {
  // The client wants a group's name although it never joins one.
  return {{"group.id", options.client_id + "-replay"},
          {"enable.auto.commit", "false"},
          {"enable.auto.offset.store", "false"},
          {"auto.offset.reset", "error"},
          {"check.crcs", "true"},
          {"fetch.error.backoff.ms", "100"},
          {"queued.max.messages.kbytes", "32768"},
          {"enable.partition.eof", "false"}};
}

}  // namespace

struct LogReader::Parts {
  Client client;
  events::Position next;
};

LogReader::LogReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LogReader::~LogReader() = default;

core::Result<std::unique_ptr<LogReader>> LogReader::Create(const KafkaOptions& options) {
  auto parts = std::make_unique<Parts>();
  TILTS_ASSIGN(Conf conf, MakeConf(options, ReaderSettings(options)));
  TILTS_ASSIGN(parts->client, MakeClient(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(parts->client.get());
  return std::unique_ptr<LogReader>(new LogReader(std::move(parts)));
}

core::Result<std::vector<events::Watermarks>> LogReader::Describe(
    const std::vector<events::TopicPartition>& partitions) {
  TILTS_ASSIGN(const auto offsets, ListOffsets(parts_->client.get(), partitions, kDescribeLimit));
  std::vector<events::Watermarks> marks;
  for (const auto& [low, end] : offsets) marks.push_back({low, end});
  return marks;
}

core::Status LogReader::Seek(const events::Position& position) {
  const PartitionList list = ToList({position.at});
  list->elems[0].offset = position.offset;
  if (const auto code = rd_kafka_assign(parts_->client.get(), list.get())) {
    return core::Fail(FromKafka(code, "cannot set the position"));
  }
  parts_->next = position;
  return {};
}

core::Result<std::vector<events::Record>> LogReader::Read(std::size_t most, std::chrono::milliseconds wait) {
  std::vector<events::Record> records;
  const auto end = std::chrono::steady_clock::now() + wait;
  while (records.size() < most) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    // What is here already is taken at once; only for the first record is it worth to wait.
    const auto patience = records.empty() ? std::max(left, std::chrono::milliseconds(0)) : std::chrono::milliseconds(0);
    const Message message(rd_kafka_consumer_poll(parts_->client.get(), static_cast<int>(patience.count())));
    if (!message) break;
    if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET || message->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE) {
      return core::Fail(core::Errc::kRefused, "the log does not begin where the replay must: its history is gone",
                        "OFFSET_OUT_OF_RANGE");
    }
    if (message->err) continue;  // brokers that come and go: the client reconnects by itself
    events::Record record = Copy(*message);
    if (record.at != parts_->next.at || record.offset < parts_->next.offset) continue;
    parts_->next.offset = record.offset + 1;
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace tilts::kafka
