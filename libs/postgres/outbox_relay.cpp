#include "postgres/outbox_relay.hpp"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tilts::postgres {

using Milliseconds = std::chrono::milliseconds;

class OutboxRelay::Loop {
 public:
  Loop(Database& database, events::Publisher& publisher, RelayOptions options, RelayProbe* probe)
      : database_(database), publisher_(publisher), options_(options), probe_(probe ? *probe : no_probe_) {}

  void Start() {
    if (thread_.joinable()) return;
    stopping_ = false;
    database_.SetOnEmitted([this] { Wake(); });
    thread_ = std::thread([this] { Run(); });
  }

  void Stop() {
    if (!thread_.joinable()) return;
    database_.SetOnEmitted({});
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  core::Result<std::optional<std::size_t>> RelayOnce() {
    // Looked at first without a transaction: an idle outbox costs one index probe.
    TILTS_ASSIGN(const Rows waiting, database_.Query("SELECT EXISTS (SELECT 1 FROM outbox)"));
    if (!waiting.front().Bool(0)) return std::optional<std::size_t>(0);
    const auto begin = std::chrono::steady_clock::now();
    TransactOptions transact;
    transact.idle_in_transaction_limit = options_.frozen_after;
    auto relayed = database_.Transact([this](UnitOfWork& unit) { return Batch(unit); }, transact);
    if (relayed && *relayed && **relayed > 0) {
      probe_.OnPublished(**relayed, std::chrono::steady_clock::now() - begin);
    }
    return relayed;
  }

 private:
  // Nothing: another instance relays.
  core::Result<std::optional<std::size_t>> Batch(UnitOfWork& unit) {
    TILTS_ASSIGN(const bool mine, unit.TryLock("outbox", "relay"));
    if (!mine) return std::nullopt;
    // Never "seq > last": numbers are given before the commit, so a lower one may appear later.
    TILTS_ASSIGN(
        const Rows rows,
        unit.Exec("SELECT seq, topic, key, partition, event_id, body, headers FROM outbox ORDER BY seq LIMIT $1",
                  {options_.batch_rows}));
    std::vector<std::int64_t> numbers;
    std::vector<events::OutgoingRecord> records;
    for (const Row row : rows) {
      numbers.push_back(row.Int(0));
      records.push_back(ReadRecord(row));
    }
    if (records.empty()) return 0;
    TILTS_CHECK(publisher_.Publish(records));
    TILTS_CHECK(unit.Exec("DELETE FROM outbox WHERE seq = ANY($1::bigint[])", {numbers}));
    return records.size();
  }

  static events::OutgoingRecord ReadRecord(const Row& row) {
    events::OutgoingRecord record;
    record.topic = row.Text(1);
    record.key = row.Text(2);
    if (const auto partition = row.OptionalInt(3)) record.partition = static_cast<std::int32_t>(*partition);
    record.event_id = row.Text(4);
    record.value = row.BytesOf(5);
    const std::vector<std::string> headers = row.Texts(6);
    for (std::size_t i = 0; i + 1 < headers.size(); i += 2) record.headers.push_back({headers[i], headers[i + 1]});
    return record;
  }

  void Wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    wake_.notify_one();
  }

  void Run() {
    Milliseconds wait{0};
    Milliseconds failure_wait = options_.busy_poll;
    while (WaitFor(wait)) {
      const auto relayed = RelayOnce();
      if (!relayed) {
        probe_.OnFailed(relayed.error());
        wait = failure_wait;
        failure_wait = std::min(failure_wait * 2, options_.longest_wait);
        continue;
      }
      failure_wait = options_.busy_poll;
      wait = NextWait(*relayed, wait);
    }
  }

  Milliseconds NextWait(std::optional<std::size_t> relayed, Milliseconds before) const {
    if (!relayed) return options_.busy_poll;
    if (*relayed >= options_.batch_rows) return Milliseconds(0);
    if (*relayed > 0) return options_.busy_poll;
    return std::min(options_.idle_poll, std::max(options_.busy_poll, before * 2));
  }

  // False when the relay is to stop. A failing broker is not tried faster because of new commits.
  bool WaitFor(Milliseconds wait) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, wait, [this] { return stopping_ || woken_; });
    woken_ = false;
    return !stopping_;
  }

  Database& database_;
  events::Publisher& publisher_;
  const RelayOptions options_;
  RelayProbe no_probe_;
  RelayProbe& probe_;
  std::mutex mutex_;  // guards the two flags
  std::condition_variable wake_;
  bool woken_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

OutboxRelay::OutboxRelay(Database& database, events::Publisher& publisher, RelayOptions options, RelayProbe* probe)
    : loop_(std::make_unique<Loop>(database, publisher, options, probe)) {}
OutboxRelay::~OutboxRelay() {
  Stop();
}

void OutboxRelay::Start() {
  loop_->Start();
}
void OutboxRelay::Stop() {
  loop_->Stop();
}
core::Result<std::optional<std::size_t>> OutboxRelay::RelayOnce() {
  return loop_->RelayOnce();
}

core::Result<OutboxStatus> OutboxRelay::Status(Database& database) {
  TILTS_ASSIGN(const Rows rows, database.Query("SELECT count(*), min(emitted_at) FROM outbox"));
  return OutboxStatus{static_cast<std::uint64_t>(rows.front().Int(0)), rows.front().OptionalTime(1)};
}

}  // namespace tilts::postgres
