#include "risk_scoring/adapters/partition_processor.hpp"

#include <algorithm>
#include <exception>

#include "events/dead_letter.hpp"
#include "risk_scoring/adapters/parked_letters.hpp"

namespace tilts::risk_scoring {
namespace {

using events::HandlerProbe;
using events::Record;

// Acknowledged together; the rest of a large close follows.
constexpr std::size_t kPublishedAtOnce = 1'000;

struct Letter {
  const Record* record;
  core::Error error;
};

}  // namespace

// What became of a batch's records. `taken` of them are to be written; what follows is blocked.
struct PartitionProcessor::Batch {
  Effects effects;
  std::vector<Letter> letters;
  std::size_t taken = 0;
  std::optional<core::Error> blocked;
};

core::Result<Partition> Restore(const Snapshot& snapshot, const CardInForce& first_card) {
  Partition partition(first_card);
  if (!snapshot.control.empty()) TILTS_CHECK(partition.LoadControl(snapshot.control));
  for (const auto& [pupil_id, bytes] : snapshot.pupils) TILTS_CHECK(partition.LoadPupil(pupil_id, bytes));
  for (const auto& [pupil_id, bytes] : snapshot.proposals) partition.LoadProposal(pupil_id, bytes);
  return partition;
}

core::Result<Changes> ChangesOf(const Partition& partition, const Effects& effects) {
  Changes changes;
  changes.pupils.reserve(effects.pupils.size());
  for (const std::string& pupil_id : effects.pupils) {
    changes.pupils.emplace_back(pupil_id, PackPupil(partition.pupils().at(pupil_id)));
  }
  for (const std::string& pupil_id : effects.proposals) {
    const auto found = partition.proposals().find(pupil_id);
    const bool stands = found != partition.proposals().end();
    changes.proposals.emplace_back(pupil_id, stands ? std::optional(found->second) : std::nullopt);
  }
  if (effects.control) {
    TILTS_ASSIGN(changes.control, PackControl(partition.control()));
  }
  return changes;
}

PartitionProcessor::PartitionProcessor(const PartitionStore& store, events::Publisher& publisher,
                                       CardInForce first_card, const core::CityClock& clock,
                                       events::HandlerProbe* probe)
    : store_(store),
      publisher_(publisher),
      first_card_(std::move(first_card)),
      clock_(clock),
      probe_(probe ? *probe : no_probe_) {}
PartitionProcessor::~PartitionProcessor() = default;

core::Result<std::vector<std::optional<std::int64_t>>> PartitionProcessor::LoadOffsets(
    const std::vector<events::TopicPartition>& partitions) {
  TILTS_ASSIGN(const auto positions, store_.Positions(partitions));
  std::vector<std::optional<std::int64_t>> offsets;
  for (const auto& position : positions) {
    offsets.push_back(position ? std::optional(position->next_offset) : std::nullopt);
  }
  return offsets;
}

core::Result<PartitionProcessor::Held*> PartitionProcessor::Hold(const events::TopicPartition& at,
                                                                 std::optional<std::int64_t> expected) {
  const auto offset_of = [](const std::optional<StoredPosition>& position) {
    return position ? std::optional(position->next_offset) : std::nullopt;
  };
  auto held = held_.find(at);
  if (held == held_.end()) {
    TILTS_ASSIGN(const Snapshot snapshot, store_.Load(at));
    TILTS_ASSIGN(Partition partition, Restore(snapshot, first_card_));
    held = held_.emplace(at, Held{snapshot.position, std::move(partition)}).first;
  }
  if (offset_of(held->second.position) == expected) return &held->second;
  return core::Fail(core::Errc::kConflict, "the partition was written meanwhile: read the store again",
                    events::kOffsetFenced);
}

core::Status PartitionProcessor::Take(Held& held, std::span<const Record> records, Batch& batch) const {
  try {
    for (const Record& record : records) {
      const core::Status taken = held.partition.Take(record, batch.effects);
      if (!taken && taken.error().reason == events::kRecordBlocks) {
        batch.blocked = taken.error();
        return {};
      }
      if (!taken && taken.error().code == core::Errc::kInternal) return taken;
      if (!taken) batch.letters.push_back({&record, taken.error()});
      ++batch.taken;
    }
  } catch (const std::exception&) {
    return core::Fail(core::Errc::kInternal, "a record could not be taken in: see the service's log",
                      "HANDLER_EXCEPTION");
  }
  return {};
}

core::Status PartitionProcessor::Publish(const std::vector<events::Draft>& drafts) {
  const std::span<const events::Draft> all(drafts);
  for (std::size_t from = 0; from < all.size(); from += kPublishedAtOnce) {
    TILTS_CHECK(publisher_.Publish(all.subspan(from, std::min(kPublishedAtOnce, all.size() - from))));
  }
  return {};
}

core::Status PartitionProcessor::Commit(const events::TopicPartition& at, Held& held, std::span<const Record> records,
                                        Batch& batch) {
  for (const Letter& letter : batch.letters) {
    batch.effects.drafts.push_back(events::MakeDeadLetter(store_.group(), *letter.record, letter.error, 1));
  }
  TILTS_CHECK(Publish(batch.effects.drafts));
  if (after_publish_) TILTS_CHECK(after_publish_());
  // The first batch keeps the card it was scored with.
  if (!held.position) batch.effects.control = true;
  TILTS_ASSIGN(Changes changes, ChangesOf(held.partition, batch.effects));
  for (const Letter& letter : batch.letters) {
    TILTS_ASSIGN(auto packed, PackLetter(*letter.record, letter.error, clock_.Now()));
    changes.letters.push_back(std::move(packed));
  }
  const std::int64_t next = records[batch.taken - 1].offset + 1;
  TILTS_ASSIGN(held.position, store_.Write(at, held.position, next, changes));
  return {};
}

void PartitionProcessor::Report(std::span<const Record> records, const Batch& batch) {
  for (const Letter& letter : batch.letters) {
    probe_.OnRecord(letter.record->at.topic, "", HandlerProbe::Outcome::kDeadLettered);
  }
  for (const auto& [type, count] : batch.effects.handled) {
    probe_.OnRecords(records.front().at.topic, type, HandlerProbe::Outcome::kHandled, count);
  }
}

core::Status PartitionProcessor::Process(const events::TopicPartition& at, std::optional<std::int64_t> expected,
                                         std::span<const Record> records) {
  if (records.empty()) return {};
  const auto drop = [&](core::Error error) -> core::Status {
    held_.erase(at);
    return core::Fail(std::move(error));
  };
  auto held = Hold(at, expected);
  if (!held) return drop(std::move(held).error());
  Batch batch;
  if (auto taken = Take(**held, records, batch); !taken) return drop(std::move(taken).error());
  if (batch.taken > 0) {
    if (auto written = Commit(at, **held, records, batch); !written) return drop(std::move(written).error());
    Report(records, batch);
  }
  if (batch.blocked) return drop(*batch.blocked);
  return {};
}

}  // namespace tilts::risk_scoring
