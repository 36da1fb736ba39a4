#include "kafka/topic_copy.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "events/in_memory_bus.hpp"
#include "kafka/admin.hpp"
#include "kafka/log_reader.hpp"
#include "kafka/topic_lanes.hpp"

namespace tilts::kafka {
namespace {

using events::Record;
using events::Watermarks;

constexpr std::size_t kReadAtOnce = 2'000;
constexpr std::chrono::seconds kSilence{30};
constexpr std::size_t kBatchBytes = 4U << 20U;

std::int32_t Size(const std::vector<Watermarks>& marks) {
  return static_cast<std::int32_t>(marks.size());
}

core::Status Diverged(const std::string& what) {
  return core::Fail(core::Errc::kRefused, what + ": delete TO, or find out who wrote to it", "TOPIC_DIVERGED");
}

// One run; its parts are the steps in the order of Run.
class Copy {
 public:
  Copy(const KafkaOptions& kafka, events::Publisher& publisher, const TopicCopyOptions& options)
      : kafka_(kafka), publisher_(publisher), options_(options) {}

  core::Result<TopicCopyResult> Run() {
    TILTS_CHECK(Open());
    TILTS_CHECK(FindBroadcastKeys());
    TILTS_CHECK(PlaceBroadcasts());
    TILTS_ASSIGN(const Lanes there, ReadTo());
    Lanes walked(Size(from_), Size(to_));
    TILTS_CHECK(Walk(walked, there));
    TILTS_ASSIGN(const Lanes written, ReadTo());
    if (walked.all() != written.all()) return core::Fail(Diverged("the copy is not what FROM holds").error());
    result_.digest = walked.Digest();
    result_.records = walked.keyed_records();
    result_.broadcasts = broadcasts_.complete;
    return result_;
  }

 private:
  core::Status Open() {
    TILTS_ASSIGN(const auto admin, Admin::Create(kafka_));
    TILTS_ASSIGN(from_, admin->Describe(options_.from));
    if (options_.to.compacted)
      return core::Fail(core::Errc::kInvalid,
                        "records of a compacted topic disappear while they are copied: let their "
                        "owner write them anew",
                        "TOPIC_COMPACTED");
    TILTS_CHECK(admin->EnsureTopics({options_.to}, options_.replication));
    TILTS_ASSIGN(to_, admin->Describe(options_.to.name));
    // A new position waits for the fetch under way, and there is one for each partition between two broadcasts.
    KafkaOptions reading = kafka_;
    reading.extra.emplace("fetch.wait.max.ms", "10");
    TILTS_ASSIGN(reader_, LogReader::Create(reading));
    result_.from_partitions = Size(from_);
    return {};
  }

  // Every record of [begin, end) of one partition, in order.
  template <typename Visit>
  core::Status ForEach(const std::string& topic, std::int32_t partition, std::int64_t begin, std::int64_t end,
                       const Visit& visit) {
    if (begin >= end) return {};
    TILTS_CHECK(reader_->Seek({{topic, partition}, begin}));
    for (std::int64_t next = begin; next < end;) {
      TILTS_ASSIGN(const auto records, reader_->Read(kReadAtOnce, kSilence));
      if (records.empty()) return core::Fail(core::Errc::kUnavailable, "the log is silent: run it again", "KAFKA");
      for (const Record& record : records) {
        if (record.offset >= end) return {};
        TILTS_CHECK(visit(record));
        next = record.offset + 1;
      }
    }
    return {};
  }

  template <typename Visit>
  core::Status ForEachOfFrom(const Visit& visit) {
    for (std::int32_t p = 0; p < Size(from_); ++p) {
      const Watermarks& marks = from_[static_cast<std::size_t>(p)];
      TILTS_CHECK(ForEach(options_.from, p, marks.low, marks.end, visit));
    }
    return {};
  }

  // A key that stands in a partition which murmur2 does not give it was put there by hand: a broadcast's.
  core::Status FindBroadcastKeys() {
    return ForEachOfFrom([&](const Record& record) -> core::Status {
      if (record.key.empty()) return core::Fail(core::Errc::kInvalid, "a record has no key", "KEY_MISSING");
      ++all_;
      if (events::PartitionOf(record.key, Size(from_)) != record.at.partition) broadcast_keys_.insert(record.key);
      return {};
    });
  }

  core::Status PlaceBroadcasts() {
    std::vector<std::vector<std::string>> seen(from_.size());
    broadcasts_.partitions.resize(from_.size());
    if (!broadcast_keys_.empty()) {
      TILTS_CHECK(ForEachOfFrom([&](const Record& record) -> core::Status {
        if (!broadcast_keys_.contains(record.key)) return {};
        const auto p = static_cast<std::size_t>(record.at.partition);
        seen[p].push_back(core::Hex(core::Sha256(record.value)));
        broadcasts_.partitions[p].offsets.push_back(record.offset);
        return {};
      }));
    }
    broadcasts_.order =
        *std::max_element(seen.begin(), seen.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    broadcasts_.complete = broadcasts_.order.size();
    for (std::size_t p = 0; p < seen.size(); ++p) TILTS_CHECK(Align(p, seen[p]));
    return {};
  }

  // Retention takes a partition's first broadcasts at its own pace; the last one may still be on its way.
  core::Status Align(std::size_t p, const std::vector<std::string>& seen) {
    auto& order = broadcasts_.order;
    auto begin = order.begin();
    if (from_[p].low > 0) begin = seen.empty() ? order.end() : std::find(begin, order.end(), seen.front());
    if (order.end() - begin < std::ssize(seen) || !std::equal(seen.begin(), seen.end(), begin)) {
      return core::Fail(core::Errc::kRefused, "broadcasts stand in another order in partition " + std::to_string(p),
                        "BROADCAST_ORDER");
    }
    broadcasts_.partitions[p].first = static_cast<std::size_t>(begin - order.begin());
    broadcasts_.complete = std::min(broadcasts_.complete, broadcasts_.partitions[p].first + seen.size());
    return {};
  }

  core::Result<Lanes> ReadTo() {
    Lanes lanes(Size(from_), Size(to_));
    const std::string& topic = options_.to.name;
    std::vector<events::TopicPartition> partitions;
    for (std::int32_t q = 0; q < Size(to_); ++q) partitions.push_back({topic, q});
    TILTS_ASSIGN(to_, reader_->Describe(partitions));
    for (std::int32_t q = 0; q < Size(to_); ++q) {
      const Watermarks& marks = to_[static_cast<std::size_t>(q)];
      TILTS_CHECK(ForEach(topic, q, marks.low, marks.end, [&](const Record& record) -> core::Status {
        Lane& broadcast = lanes.Broadcast(q);
        if (broadcast_keys_.contains(record.key)) {
          broadcast.Add(record, broadcast.count);
        } else if (lanes.PartitionInTo(record.key) != q) {
          return Diverged("a key stands in another partition than its own");
        } else {
          lanes.Keyed(record.key).Add(record, broadcast.count);
        }
        return {};
      }));
    }
    return lanes;
  }

  // FROM from broadcast to broadcast; what `there` has is compared, the rest is written.
  core::Status Walk(Lanes& walked, const Lanes& there) {
    for (std::size_t epoch = 0; epoch <= broadcasts_.complete; ++epoch) {
      for (std::int32_t p = 0; p < Size(from_); ++p) TILTS_CHECK(WalkPartition(p, epoch, walked, there));
      if (epoch < broadcasts_.complete) TILTS_CHECK(WalkBroadcast(epoch, walked, there));
    }
    TILTS_CHECK(Flush());
    for (std::size_t i = 0; i < there.all().size(); ++i) {
      if (there.all()[i].count > walked.all()[i].count) return Diverged("TO holds more than FROM");
    }
    return {};
  }

  core::Status WalkPartition(std::int32_t p, std::size_t epoch, Lanes& walked, const Lanes& there) {
    const Watermarks& marks = from_[static_cast<std::size_t>(p)];
    const auto [begin, end] = broadcasts_.Range(p, epoch, marks.low, marks.end);
    if (epoch == broadcasts_.complete) {
      result_.waiting += static_cast<std::uint64_t>(marks.end - end);
    }
    return ForEach(options_.from, p, begin, end, [&](const Record& record) -> core::Status {
      if (++looked_at_ % kReadAtOnce == 0) options_.progress(looked_at_, all_);
      Lane& lane = walked.Keyed(record.key);
      return Take(record, walked.PartitionInTo(record.key), epoch, lane, there.all()[Index(walked, lane)]);
    });
  }

  core::Status WalkBroadcast(std::size_t epoch, Lanes& walked, const Lanes& there) {
    // Every partition that still has it has the same; the first one is read.
    for (std::int32_t p = 0; p < Size(from_); ++p) {
      const auto& own = broadcasts_.partitions[static_cast<std::size_t>(p)];
      if (epoch < own.first) continue;
      const std::int64_t offset = own.offsets[epoch - own.first];
      return ForEach(options_.from, p, offset, offset + 1, [&](const Record& record) -> core::Status {
        looked_at_ += from_.size();
        for (std::int32_t q = 0; q < Size(to_); ++q) {
          Lane& lane = walked.Broadcast(q);
          TILTS_CHECK(Take(record, q, epoch, lane, there.all()[Index(walked, lane)]));
        }
        return {};
      });
    }
    return {};
  }

  static std::size_t Index(const Lanes& lanes, const Lane& lane) {
    return static_cast<std::size_t>(&lane - lanes.all().data());
  }

  core::Status Take(const Record& record, std::int32_t to_partition, std::size_t epoch, Lane& lane, const Lane& there) {
    lane.Add(record, epoch);
    if (lane.count == there.count && lane.digest != there.digest) return Diverged("TO does not begin as FROM does");
    if (lane.count <= there.count) return {};
    batch_.push_back({options_.to.name, record.key, to_partition, {}, record.value, record.headers});
    batch_bytes_ += record.key.size() + record.value.size();
    return batch_.size() < options_.batch_records && batch_bytes_ < kBatchBytes ? core::Status{} : Flush();
  }

  core::Status Flush() {
    TILTS_CHECK(publisher_.Publish(batch_));
    result_.copied += batch_.size();
    batch_.clear();
    batch_bytes_ = 0;
    return {};
  }

  const KafkaOptions& kafka_;
  events::Publisher& publisher_;
  const TopicCopyOptions& options_;
  std::unique_ptr<LogReader> reader_;
  std::vector<Watermarks> from_;  // as they were at the beginning: what comes later is the next run's
  std::vector<Watermarks> to_;
  std::set<std::string> broadcast_keys_;
  Broadcasts broadcasts_;
  std::vector<events::OutgoingRecord> batch_;
  std::size_t batch_bytes_ = 0;
  std::uint64_t all_ = 0;
  std::uint64_t looked_at_ = 0;
  TopicCopyResult result_;
};

}  // namespace

core::Result<TopicCopyResult> CopyTopic(const KafkaOptions& kafka, events::Publisher& publisher,
                                        const TopicCopyOptions& options) {
  return Copy(kafka, publisher, options).Run();
}

}  // namespace tilts::kafka
