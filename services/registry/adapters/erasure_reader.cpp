#include "registry/adapters/erasure_reader.hpp"

#include "events/catalogue.hpp"
#include "events/in_memory_bus.hpp"
#include "registry/app/command.hpp"
#include "registry/app/erasure_trail.hpp"

namespace tilts::registry {
namespace {

using core::Result;

constexpr char kTopic[] = "tilts.audit.v1";
constexpr std::size_t kReadAtOnce = 1'000;
constexpr std::chrono::milliseconds kReadWait{2'000};

}  // namespace

Result<events::TopicPartition> ErasureReader::TrailOfPersons() {
  const events::Topic* topic = events::Catalogue::BuiltIn().FindTopic(kTopic);
  if (topic == nullptr)
    return core::Fail(core::Errc::kInternal, "the audit topic is no part of the contracts", "TOPIC");
  return events::TopicPartition{kTopic, events::PartitionOf(kPersonsChain, topic->partitions)};
}

Result<ErasureReader::Place> ErasureReader::FindPlace() {
  if (!reader_) {
    TILTS_ASSIGN(reader_, kafka::LogReader::Create(options_.kafka));
  }
  TILTS_ASSIGN(const auto marks, reader_->Describe({options_.trail}));
  Place place;
  TILTS_ASSIGN(place.stored,
               database_.Transact([&](postgres::UnitOfWork& unit) { return offsets_.Load(unit, options_.trail); }));
  place.end = marks.front().end;
  place.next = std::max(place.stored.value_or(0), marks.front().low);
  // A log younger than the database: what it holds is read once more, which changes nothing.
  if (place.next > place.end) place.next = marks.front().low;
  return place;
}

// What was erased is committed before the offset: a crash in between only reads it twice.
Result<std::size_t> ErasureReader::ReadOn(Place& place) {
  TILTS_CHECK(reader_->Seek({options_.trail, place.next}));
  TILTS_ASSIGN(const auto records, reader_->Read(kReadAtOnce, kReadWait));
  if (records.empty()) return core::Fail(core::Errc::kTimeout, "the audit log gives nothing", "LOG_SILENT");
  std::size_t erased = 0;
  for (const events::Record& record : records) {
    const auto erasure = ReadErasure(record);
    if (!erasure) continue;
    std::size_t count = 0;
    TILTS_CHECK(vault_.Transact([&](VaultSession& session) -> core::Status {
      TILTS_ASSIGN(count, EraseAgain(session, *erasure, clock_.Now()));
      return {};
    }));
    erased += count;
  }
  const std::int64_t next = records.back().offset + 1;
  TILTS_CHECK(database_.Transact(
      [&](postgres::UnitOfWork& unit) { return offsets_.Advance(unit, options_.trail, place.stored, next); }));
  place.stored = place.next = next;
  return erased;
}

Result<std::size_t> ErasureReader::CatchUp() {
  TILTS_ASSIGN(Place place, FindPlace());
  if (place.next < known_) up_to_date_ = false;
  std::size_t erased = 0;
  while (place.next < place.end) {
    TILTS_ASSIGN(const std::size_t more, ReadOn(place));
    erased += more;
  }
  known_ = place.next;
  up_to_date_ = true;
  return erased;
}

void ErasureReader::Round() {
  const auto erased = CatchUp();
  // Another instance may be reading too: the one that finds a moved offset begins its round anew.
  if (!erased && erased.error().code != core::Errc::kConflict && !failing_) {
    log_.Warning("Erasures wait to be read from the log",
                 {{"code", core::ToString(erased.error().code)}, {"reason", erased.error().reason}});
  }
  if (erased && *erased > 0) {
    log_.Warning("Erasures were applied again: the database was older than the log", {{"erased", *erased}});
  }
  failing_ = !erased;
}

void ErasureReader::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      Round();
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, up_to_date_ ? options_.poll : options_.retry, [] { return false; });
    }
  });
}

void ErasureReader::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tilts::registry
