#include "kafka/consumer.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "kafka/handles.hpp"

namespace tilts::kafka {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kCloseLimit{4'000};
constexpr std::chrono::milliseconds kLookEvery{500};
constexpr int kLookLimit = 1'000;
constexpr int kAskLimit = 3'000;              // milliseconds
constexpr std::size_t kBytesOfARecord = 200;  // compressed
constexpr std::size_t kLeastFetch = 1U << 20U;
constexpr std::size_t kMostFetch = 16U << 20U;

Settings ConsumerSettings(const KafkaOptions& options, const ConsumerOptions& consumer) {
  const auto session = options.session_timeout.count();
  const std::string fetch =
      std::to_string(std::clamp(consumer.batch_records * kBytesOfARecord, kLeastFetch, kMostFetch));
  Settings own = {{"group.id", consumer.group},
                  {"enable.auto.commit", "false"},
                  {"enable.auto.offset.store", "false"},
                  {"auto.offset.reset", "error"},
                  // Never cooperative-sticky: closing before the first assignment aborts the process.
                  {"partition.assignment.strategy", "range"},
                  {"session.timeout.ms", std::to_string(session)},
                  {"heartbeat.interval.ms", std::to_string(std::min<std::int64_t>(session / 4, 1'000))},
                  {"max.poll.interval.ms", "120000"},
                  {"check.crcs", "true"},
                  {"isolation.level", "read_uncommitted"},
                  {"fetch.error.backoff.ms", "100"},
                  // New positions wait for the fetch under way: the default half second is felt at each rewind.
                  {"fetch.wait.max.ms", "200"},
                  {"fetch.message.max.bytes", fetch},
                  {"fetch.max.bytes", std::to_string(kMostFetch)},
                  {"queued.max.messages.kbytes", "16384"},
                  {"enable.partition.eof", "false"}};
  if (!consumer.member_id.empty()) own.emplace_back("group.instance.id", consumer.member_id);
  return own;
}

}  // namespace

struct Consumer::Parts {
  KafkaOptions kafka;
  ConsumerOptions options;
  Client client;
  // Questions about offsets go another way: behind a long fetch on the consumer's connection they would wait for it.
  Client asker;
  Listener* listener = nullptr;
  std::vector<events::TopicPartition> assigned;
  std::set<events::TopicPartition> paused;
  bool closed = false;
  bool subscribed = false;
  // Since when the group has given this member no share, not even an empty one.
  std::optional<Clock::time_point> outside_since;
  bool topics_missing = false;
  Clock::time_point next_look{};
  std::mutex known_mutex;                     // guards known
  std::vector<events::TopicPartition> known;  // partitions of every topic; empty until all exist

  core::Result<Client> MakeMember();
  core::Status SubscribeWhenTopicsExist();
  core::Status LeaveStranding();

  ~Parts() { Destroy(std::move(client)); }

  static void OnRebalance(rd_kafka_t* client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list,
                          void* opaque) {
    Parts& self = *static_cast<Parts*>(opaque);
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      self.outside_since.reset();
      self.assigned = FromList(list);
      // Nothing is fetched until Assign names positions.
      const PartitionList nothing = ToList({});
      rd_kafka_assign(client, nothing.get());
      if (self.listener) self.listener->OnAssigned(self.assigned);
      return;
    }
    self.outside_since = Clock::now();
    self.Revoke(rd_kafka_assignment_lost(client) != 0);
    rd_kafka_assign(client, nullptr);
  }

  void Revoke(bool lost) {
    Unpause();
    const auto revoked = std::exchange(assigned, {});
    if (listener) listener->OnRevoked(revoked, lost);
  }

  // The library keeps a partition paused through a new assignment, silently.
  void Unpause() {
    if (paused.empty()) return;
    const PartitionList list = ToList({paused.begin(), paused.end()});
    rd_kafka_resume_partitions(client.get(), list.get());
    paused.clear();
  }
};

core::Result<std::unique_ptr<Consumer>> Consumer::Create(const KafkaOptions& options, const ConsumerOptions& consumer) {
  auto parts = std::make_unique<Parts>();
  parts->kafka = options;
  parts->options = consumer;
  TILTS_ASSIGN(parts->client, parts->MakeMember());
  TILTS_ASSIGN(Conf asker_conf, MakeConf(options, {}));
  TILTS_ASSIGN(parts->asker, MakeClient(RD_KAFKA_PRODUCER, std::move(asker_conf)));
  return std::unique_ptr<Consumer>(new Consumer(std::move(parts)));
}

Consumer::Consumer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Consumer::~Consumer() {
  parts_->listener = nullptr;  // it may be gone already
  Close();
}

core::Status Consumer::Start(Listener& listener) {
  parts_->listener = &listener;
  return {};
}

core::Result<Client> Consumer::Parts::MakeMember() {
  TILTS_ASSIGN(Conf conf, MakeConf(kafka, ConsumerSettings(kafka, options)));
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_rebalance_cb(conf.get(), &Parts::OnRebalance);
  TILTS_ASSIGN(Client made, MakeClient(RD_KAFKA_CONSUMER, std::move(conf)));
  rd_kafka_poll_set_consumer(made.get());
  return made;
}

// Joins once every topic exists: a group that was assigned nothing because a topic is missing looks like one at rest.
core::Status Consumer::Parts::SubscribeWhenTopicsExist() {
  if (subscribed || Clock::now() < next_look) return {};
  next_look = Clock::now() + kLookEvery;
  TILTS_ASSIGN(const auto existing, ListTopics(asker.get(), kLookLimit));
  std::vector<events::TopicPartition> topics;
  for (const std::string& topic : options.topics) {
    topics_missing = !existing.contains(topic);
    if (topics_missing) return {};
    topics.push_back({topic, RD_KAFKA_PARTITION_UA});
  }
  const PartitionList list = ToList(topics);
  if (const auto code = rd_kafka_subscribe(client.get(), list.get())) {
    return core::Fail(FromKafka(code, "cannot subscribe"));
  }
  subscribed = true;
  outside_since = Clock::now();
  return {};
}

// The library has been seen to poll for ten minutes without asking to join again after its coordinator went away
// (confluentinc/librdkafka #2933 describes one way). A new client under the same identity joins at once.
core::Status Consumer::Parts::LeaveStranding() {
  if (!outside_since || Clock::now() - *outside_since < options.join_limit) return {};
  // While no broker answers nobody could join.
  outside_since = Clock::now();
  if (!ListTopics(asker.get(), kLookLimit)) return {};
  TILTS_ASSIGN(Client made, MakeMember());
  Destroy(std::exchange(client, std::move(made)));
  paused.clear();
  subscribed = false;
  outside_since.reset();
  return core::Fail(core::Errc::kUnavailable, "the group gave this member no share for long: it joins as a new client",
                    "GROUP_STRANDED");
}

core::Status Consumer::Assign(const std::vector<events::Position>& positions) {
  std::vector<events::TopicPartition> partitions;
  for (const events::Position& position : positions) {
    if (std::find(parts_->assigned.begin(), parts_->assigned.end(), position.at) == parts_->assigned.end()) {
      return core::Fail(core::Errc::kRefused, "the partition is not assigned to this member", "NOT_ASSIGNED");
    }
    partitions.push_back(position.at);
  }
  parts_->Unpause();
  const PartitionList list = ToList(partitions);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = positions[static_cast<std::size_t>(i)].offset;
  if (const auto code = rd_kafka_assign(parts_->client.get(), list.get())) {
    return core::Fail(FromKafka(code, "cannot set positions"));
  }
  return {};
}

core::Result<std::optional<events::Record>> Consumer::Poll(std::chrono::milliseconds wait) {
  std::optional<events::Record> record(std::in_place);
  TILTS_ASSIGN(const bool came, PollInto(wait, *record));
  if (!came) record.reset();
  return record;
}

core::Result<bool> Consumer::PollInto(std::chrono::milliseconds wait, events::Record& record) {
  TILTS_CHECK(parts_->LeaveStranding());
  // A broker that does not answer heals by itself; nothing is known about the topics meanwhile.
  static_cast<void>(parts_->SubscribeWhenTopicsExist());
  const Message message(rd_kafka_consumer_poll(parts_->client.get(), static_cast<int>(wait.count())));
  if (!message && parts_->topics_missing) {
    return core::Fail(core::Errc::kInvalid, "a topic does not exist: create the contracts' topics", "TOPIC_UNKNOWN");
  }
  if (!message) return false;
  switch (message->err) {
    case RD_KAFKA_RESP_ERR_NO_ERROR: CopyInto(*message, record); return true;
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      if (message->rkt && parts_->listener) {
        parts_->listener->OnOffsetOutOfRange({rd_kafka_topic_name(message->rkt), message->partition});
      }
      return false;
    case RD_KAFKA_RESP_ERR__FATAL:
      return core::Fail(core::Errc::kRefused, "another process uses this member's identity: give each its own instance",
                        "MEMBER_FENCED");
    default: return false;  // brokers that come and go: the client reconnects by itself
  }
}

core::Status Consumer::Pause(const std::vector<events::TopicPartition>& partitions) {
  const PartitionList list = ToList(partitions);
  if (const auto code = rd_kafka_pause_partitions(parts_->client.get(), list.get())) {
    return core::Fail(FromKafka(code, "cannot pause"));
  }
  parts_->paused.insert(partitions.begin(), partitions.end());
  return {};
}

core::Status Consumer::Resume(const std::vector<events::TopicPartition>& partitions) {
  const PartitionList list = ToList(partitions);
  if (const auto code = rd_kafka_resume_partitions(parts_->client.get(), list.get())) {
    return core::Fail(FromKafka(code, "cannot resume"));
  }
  for (const events::TopicPartition& at : partitions) parts_->paused.erase(at);
  return {};
}

core::Result<std::vector<events::Watermarks>> Consumer::Describe(
    const std::vector<events::TopicPartition>& partitions) {
  TILTS_ASSIGN(const auto offsets, ListOffsets(parts_->asker.get(), partitions, kAskLimit));
  std::vector<events::Watermarks> marks;
  for (const auto& [low, end] : offsets) marks.push_back({low, end});
  return marks;
}

core::Result<std::vector<events::TopicPartition>> Consumer::Partitions() {
  const std::lock_guard lock(parts_->known_mutex);
  if (!parts_->known.empty()) return parts_->known;
  TILTS_ASSIGN(const auto existing, ListTopics(parts_->asker.get(), kAskLimit));
  std::vector<events::TopicPartition> partitions;
  bool complete = true;
  for (const std::string& topic : parts_->options.topics) {
    const auto found = existing.find(topic);
    complete = complete && found != existing.end();
    const std::int32_t count = found == existing.end() ? 0 : found->second;
    for (std::int32_t i = 0; i < count; ++i) partitions.push_back({topic, i});
  }
  // The number of partitions never changes, so one answer that names every topic is enough.
  if (complete) parts_->known = partitions;
  return partitions;
}

void Consumer::Close() {
  if (parts_->closed) return;
  parts_->closed = true;
  parts_->Revoke(false);
  parts_->listener = nullptr;
  const Queue queue(rd_kafka_queue_get_consumer(parts_->client.get()));
  const LibraryError error(rd_kafka_consumer_close_queue(parts_->client.get(), queue.get()));
  // Closing waits for an unreachable coordinator about a session timeout long; we do not.
  const auto deadline = Clock::now() + kCloseLimit;
  while (!error && !rd_kafka_consumer_closed(parts_->client.get()) && Clock::now() < deadline) {
    const Message message(rd_kafka_consumer_poll(parts_->client.get(), 50));
  }
}

}  // namespace tilts::kafka
