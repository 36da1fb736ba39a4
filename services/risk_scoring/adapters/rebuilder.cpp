#include "risk_scoring/adapters/rebuilder.hpp"

#include <algorithm>
#include <chrono>

#include "core/sha256.hpp"
#include "events/batch_processor.hpp"
#include "risk_scoring/adapters/parked_letters.hpp"
#include "risk_scoring/app/comparison.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr std::size_t kReadAtOnce = 2'000;
constexpr std::chrono::milliseconds kReadWait{500};
// A log that gives nothing for so long will not.
constexpr int kEmptyReads = 40;
constexpr std::size_t kFilledAtOnce = 500;

core::Error Stopped() {
  return {core::Errc::kUnavailable, "the service stops: start the rebuild again", "STOPPING", {}, 0};
}

// A store that lost a partition is equal to nothing: the worker is about to notice.
core::Status NothingIsMissing(const events::TopicPartition& at, kafka::LogReader& reader) {
  TILTS_ASSIGN(const auto marks, reader.Describe({at}));
  if (marks.front().end == 0) return {};
  return core::Fail(core::Errc::kRefused, "nothing is stored of a partition that has records: wait for the rewind",
                    "STATE_MISSING");
}

}  // namespace

core::Status Rebuilder::Start(const std::string& rebuild_id, operations::v1::RebuildMode mode) {
  const std::lock_guard lock(mutex_);
  if (reports_.contains(rebuild_id)) return {};
  if (running_) return core::Fail(core::Errc::kRefused, "a rebuild runs: wait for its end", "REBUILD_RUNNING");
  if (thread_.joinable()) thread_.join();
  running_ = true;
  current_ = rebuild_id;
  reports_[rebuild_id] = {};
  thread_ = std::thread([this, rebuild_id, mode] { Run(rebuild_id, mode); });
  return {};
}

core::Result<operations::v1::GetRebuildResponse> Rebuilder::Progress(const std::string& rebuild_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = reports_.find(rebuild_id);
  if (found != reports_.end()) return found->second;
  return core::Fail(core::Errc::kNotFound, "this process runs no such rebuild: start it again", "REBUILD_UNKNOWN");
}

void Rebuilder::AwaitEnd(const std::string& rebuild_id, rpc::Deadline until,
                         std::function<void(const core::Result<operations::v1::GetRebuildResponse>&)> then) {
  ends_.Wait(
      until,
      [this, rebuild_id] {
        const auto progress = Progress(rebuild_id);
        return !progress || progress->done();
      },
      [this, rebuild_id, then = std::move(then)] { then(Progress(rebuild_id)); });
}

void Rebuilder::Stop() {
  stopping_ = true;
  ends_.Stop();
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void Rebuilder::Publish(const Report& report) {
  const std::lock_guard lock(mutex_);
  reports_[current_] = report;
}

void Rebuilder::Run(const std::string& rebuild_id, operations::v1::RebuildMode mode) {
  Report report;
  if (const auto done = RunAll(report, rebuild_id, mode); !done) {
    report.set_failure(done.error().reason.empty() ? std::string(core::ToString(done.error().code))
                                                   : done.error().reason);
    parts_.log.Warning("a rebuild did not end well", {{"reason", report.failure()}});
  }
  report.set_done(true);
  parts_.log.Info("a rebuild ended", {{"compared", report.compared()}, {"differences", report.difference_count()}});
  Publish(report);
  running_ = false;
  ends_.Wake();
}

core::Status Rebuilder::RunAll(Report& report, const std::string& rebuild_id, operations::v1::RebuildMode mode) {
  TILTS_ASSIGN(const auto reader, kafka::LogReader::Create(parts_.kafka));
  TILTS_ASSIGN(const auto positions, parts_.store.Positions(parts_.partitions));
  for (const auto& position : positions) {
    report.set_records_total(report.records_total() + static_cast<std::uint64_t>(position ? position->next_offset : 0));
  }
  std::string live_digests;
  std::string rebuilt_digests;
  for (const events::TopicPartition& at : parts_.partitions) {
    TILTS_ASSIGN(const Snapshot snapshot, parts_.store.Load(at));
    if (!snapshot.position) {
      TILTS_CHECK(NothingIsMissing(at, *reader));
      continue;
    }
    TILTS_ASSIGN(const Replayed replayed, Replay(at, snapshot.position->next_offset, *reader, report));
    const Picture live = PictureOf(at.partition, snapshot.control, snapshot.pupils, snapshot.proposals);
    TILTS_ASSIGN(const Picture rebuilt, PictureOf(replayed.partition, at.partition));
    Compare(live, rebuilt, report);
    live_digests += DigestOf(live);
    rebuilt_digests += DigestOf(rebuilt);
    if (mode == operations::v1::REBUILD_MODE_APPLY) {
      TILTS_CHECK(Apply(at, *snapshot.position, "rebuilt-" + rebuild_id, replayed));
    }
    Publish(report);
  }
  report.set_records_total(report.records_read());
  report.set_live_digest(core::Hex(core::Sha256(live_digests)));
  report.set_rebuilt_digest(core::Hex(core::Sha256(rebuilt_digests)));
  return {};
}

core::Result<Rebuilder::Replayed> Rebuilder::Replay(const events::TopicPartition& at, std::int64_t until,
                                                    kafka::LogReader& reader, Report& report) {
  TILTS_ASSIGN(const auto marks, reader.Describe({at}));
  if (marks.front().low > 0) {
    return core::Fail(core::Errc::kRefused, "the log does not begin at its beginning any more", "HISTORY_GONE");
  }
  Replayed replayed{Partition(parts_.first_card), {}};
  TILTS_CHECK(reader.Seek({at, 0}));
  int empty = 0;
  for (std::int64_t next = 0; next < until;) {
    if (stopping_) return core::Fail(Stopped());
    TILTS_ASSIGN(const auto records, reader.Read(kReadAtOnce, kReadWait));
    empty = records.empty() ? empty + 1 : 0;
    if (empty > kEmptyReads) return core::Fail(core::Errc::kTimeout, "the broker gives no more records", "LOG_SILENT");
    // What follows from the records was said when they were first taken in.
    Effects said;
    for (const events::Record& record : records) {
      next = record.offset + 1;
      if (record.offset >= until) break;
      const core::Status taken = replayed.partition.Take(record, said);
      if (!taken && (taken.error().reason == events::kRecordBlocks || taken.error().code == core::Errc::kInternal)) {
        return core::Fail(taken.error());
      }
      if (!taken) {
        TILTS_ASSIGN(auto letter, PackLetter(record, taken.error(), parts_.clock.Now()));
        replayed.letters.push_back(std::move(letter));
      }
      report.set_records_read(report.records_read() + 1);
    }
    Publish(report);
  }
  return replayed;
}

core::Status Rebuilder::Apply(const events::TopicPartition& at, const StoredPosition& from, const std::string& space,
                              const Replayed& replayed) {
  // An apply that was cut off may have left a part.
  TILTS_CHECK(parts_.store.Drop(at, space));
  Changes first;
  TILTS_ASSIGN(first.control, PackControl(replayed.partition.control()));
  for (const auto& [pupil_id, bytes] : replayed.partition.proposals()) first.proposals.emplace_back(pupil_id, bytes);
  first.letters = replayed.letters;
  TILTS_CHECK(parts_.store.Fill(at, space, first));
  Changes some;
  for (const auto& [pupil_id, pupil] : replayed.partition.pupils()) {
    some.pupils.emplace_back(pupil_id, PackPupil(pupil));
    if (some.pupils.size() < kFilledAtOnce) continue;
    TILTS_CHECK(parts_.store.Fill(at, space, some));
    some.pupils.clear();
  }
  if (!some.pupils.empty()) TILTS_CHECK(parts_.store.Fill(at, space, some));
  TILTS_CHECK(parts_.store.Switch(at, from, {from.next_offset, space}));
  if (from.space == space) return {};
  return parts_.store.Drop(at, from.space);
}

}  // namespace tilts::risk_scoring
