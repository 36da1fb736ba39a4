#include "indicator_aggregation/adapters/rebuild.hpp"

#include <optional>

#include "indicator_aggregation/adapters/log_replay.hpp"
#include "indicator_aggregation/adapters/row_writer.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr int kMostFound = 100;
constexpr std::chrono::minutes kStatementLimit{30};
constexpr std::chrono::minutes kIdleLimit{5};
// What rolls a verification back once its result is known.
constexpr char kVerified[] = "VERIFIED";

core::Result<DeadRecords> DeadRecordsOf(postgres::UnitOfWork& unit) {
  TILTS_ASSIGN(
      const auto rows,
      unit.Exec("SELECT topic, partition, record_offset FROM dead_letter WHERE consumer_group = $1", {kGroup}));
  DeadRecords dead;
  for (const postgres::Row row : rows) {
    dead.insert({{row.Text(0), static_cast<std::int32_t>(row.Int(1))}, row.Int(2)});
  }
  return dead;
}

postgres::DatabaseOptions LongOptions(postgres::DatabaseOptions options) {
  options.connections = 1;
  options.statement_limit = kStatementLimit;
  options.idle_in_transaction_limit = kIdleLimit;
  return options;
}

}  // namespace

// One rebuild within its transaction.
class Rebuild::Run {
 public:
  Run(postgres::UnitOfWork& unit, const DefinitionBook& book, events::Subscription& subscription,
      const Progress& progress)
      : unit_(unit), writer_(book.definitions, Tables::Rebuilt()), replay_(subscription), progress_(progress) {}

  core::Status Begin() {
    TILTS_ASSIGN(const bool mine, unit_.TryLock("rebuild", kGroup));
    if (!mine) return core::Fail(core::Errc::kRefused, "another instance rebuilds", "REBUILD_RUNNING");
    return MakeRebuiltTables(unit_);
  }

  core::Status ReadToStored() {
    TILTS_ASSIGN(const Offsets targets, OffsetsOf(unit_));
    TILTS_ASSIGN(const DeadRecords dead, DeadRecordsOf(unit_));
    result_.records_total = 0;
    for (const auto& [at, target] : targets) result_.records_total += static_cast<std::uint64_t>(target);
    return replay_.ReadUpTo(targets, dead, [&](const std::vector<Additions>& batch) -> core::Status {
      result_.records_read = replay_.records_read();
      TILTS_CHECK(progress_(result_));
      return writer_.Write(unit_, batch);
    });
  }

  core::Result<RebuildResult> Compare() {
    result_.records_read = replay_.records_read();
    TILTS_ASSIGN(result_.comparison, CompareTables(unit_, kMostFound));
    return result_;
  }

 private:
  postgres::UnitOfWork& unit_;
  RowWriter writer_;
  LogReplay replay_;
  const Progress& progress_;
  RebuildResult result_;
};

Rebuild::Rebuild(postgres::DatabaseOptions options, const DefinitionBook& book, Subscribe subscribe)
    : options_(LongOptions(std::move(options))), book_(book), subscribe_(std::move(subscribe)) {}

core::Result<RebuildResult> Rebuild::Verify(const Progress& progress) const {
  postgres::Database database(options_);
  std::optional<RebuildResult> result;
  const core::Status done = database.Transact(
      [&](postgres::UnitOfWork& unit) -> core::Status {
        TILTS_CHECK(LockForReading(unit));
        TILTS_ASSIGN(const auto subscription, subscribe_());
        Run run(unit, book_, *subscription, progress);
        TILTS_CHECK(run.Begin());
        TILTS_CHECK(run.ReadToStored());
        TILTS_ASSIGN(result, run.Compare());
        return core::Fail(core::Errc::kRefused, "what was rebuilt is not kept", kVerified);
      },
      {postgres::Isolation::kRepeatableRead, false, kIdleLimit});
  if (result && done.error().reason == kVerified) return *result;
  return core::Fail(done.error());
}

core::Result<RebuildResult> Rebuild::Apply(const Progress& progress) const {
  postgres::Database database(options_);
  return database.Transact(
      [&](postgres::UnitOfWork& unit) -> core::Result<RebuildResult> {
        TILTS_ASSIGN(const auto subscription, subscribe_());
        Run run(unit, book_, *subscription, progress);
        TILTS_CHECK(run.Begin());
        TILTS_CHECK(run.ReadToStored());
        // Every batch begins with its offset, every re-driven letter with its letter: from here on none is written.
        TILTS_CHECK(unit.ExecScript("LOCK TABLE consumer_offset, dead_letter IN SHARE ROW EXCLUSIVE MODE"));
        TILTS_CHECK(run.ReadToStored());
        TILTS_ASSIGN(RebuildResult compared, run.Compare());
        TILTS_CHECK(SwitchTables(unit));
        TILTS_CHECK(
            unit.Exec("INSERT INTO counted_definitions (hash) VALUES ($1) ON CONFLICT (only_one) DO UPDATE "
                      "SET hash = EXCLUDED.hash",
                      {book_.hash}));
        return compared;
      },
      {postgres::Isolation::kReadCommitted, false, kIdleLimit});
}

}  // namespace tilts::indicator_aggregation
