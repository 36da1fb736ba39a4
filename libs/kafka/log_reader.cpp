#include "kafka/log_reader.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "kafka/handles.hpp"

namespace tilts::kafka {
namespace {

constexpr int kDescribeLimit = 3'000;
constexpr std::chrono::seconds kSilenceLimit{5};

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
  KafkaOptions options;
  Client client;
  std::optional<events::Position> next;
  // Of the first read in vain since a record came or the position was set.
  std::optional<std::chrono::steady_clock::time_point> silent_since;

  ~Parts() { Destroy(std::move(client)); }

  core::Result<Client> MakeReader() const {
    TILTS_ASSIGN(Conf conf, MakeConf(options, ReaderSettings(options)));
    TILTS_ASSIGN(Client made, MakeClient(RD_KAFKA_CONSUMER, std::move(conf)));
    rd_kafka_poll_set_consumer(made.get());
    return made;
  }

  core::Status AssignNext() {
    const PartitionList list = ToList({next->at});
    list->elems[0].offset = next->offset;
    silent_since.reset();
    const auto code = rd_kafka_assign(client.get(), list.get());
    return code ? core::Fail(FromKafka(code, "cannot set the position")) : core::Status();
  }

  // The library was seen to stay silent for minutes about a partition that was assigned again: a new client reads on.
  core::Status LeaveSilence() {
    const auto now = std::chrono::steady_clock::now();
    if (!silent_since) silent_since = now;
    if (!next || now - *silent_since < kSilenceLimit) return {};
    silent_since = now;
    const auto offsets = ListOffsets(client.get(), {next->at}, kDescribeLimit);
    if (!offsets || offsets->front().second <= next->offset) return {};
    TILTS_ASSIGN(Client made, MakeReader());
    Destroy(std::exchange(client, std::move(made)));
    return AssignNext();
  }
};

LogReader::LogReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LogReader::~LogReader() = default;

core::Result<std::unique_ptr<LogReader>> LogReader::Create(const KafkaOptions& options) {
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  TILTS_ASSIGN(parts->client, parts->MakeReader());
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
  parts_->next = position;
  return parts_->AssignNext();
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
    if (!parts_->next || record.at != parts_->next->at || record.offset < parts_->next->offset) continue;
    parts_->next->offset = record.offset + 1;
    parts_->silent_since.reset();
    records.push_back(std::move(record));
  }
  if (records.empty()) TILTS_CHECK(parts_->LeaveSilence());
  return records;
}

}  // namespace tilts::kafka
