#include "case_intake/adapters/held_fact_worker.hpp"

#include <map>

#include "backbone/audit.hpp"
#include "case_intake/adapters/vault_steps.hpp"
#include "case_intake/app/fact_reading.hpp"

namespace tilts::case_intake {
namespace {

constexpr int kBatch = 500;
constexpr char kHandler[] = "resolve-facts";
constexpr std::chrono::seconds kCalendarSoon{2};
constexpr std::chrono::minutes kCalendarLater{10};

}  // namespace

core::Result<std::size_t> HeldFactWorker::Resolve(const std::vector<HeldFactRow>& rows, const std::string& cause_id) {
  std::map<std::string, std::vector<const HeldFactRow*>> by_institution;
  for (const HeldFactRow& row : rows) by_institution[row.institution_id].push_back(&row);
  std::size_t resolved = 0;
  for (const auto& [institution_id, own] : by_institution) {
    TILTS_ASSIGN(const std::size_t some, ResolveOf(institution_id, own, cause_id));
    resolved += some;
  }
  return resolved;
}

core::Result<std::size_t> HeldFactWorker::ResolveOf(const std::string& institution_id,
                                                    const std::vector<const HeldFactRow*>& rows,
                                                    const std::string& cause_id) {
  const core::CityTime now = clock_.Now();
  std::vector<intake::v1::Fact> sent(rows.size());
  std::vector<FactInHand> in_hand(rows.size());
  std::vector<FactInHand*> sound;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto opened = OpenFact(*rows[i], facts_.office.sealer);
    if (!opened) {
      facts_.office.log.Error("a held fact cannot be opened; it stays",
                              {{"held_id", rows[i]->held_id}, {"reason", opened.error().reason}});
      in_hand[i].fate = FactInHand::Fate::kUnasked;
      continue;
    }
    sent[i] = std::move(*opened);
    in_hand[i].sent = &sent[i];
    in_hand[i].fact = FromProto(sent[i]);
    // It was accepted once: only its days are read.
    static_cast<void>(CheckFact(in_hand[i].fact, {}, FactDaysOn(calendar::RigaDate(rows[i]->held_since))));
    sound.push_back(&in_hand[i]);
  }
  const FactOrigin origin = facts_.OriginOf(institution_id, cause_id, {}, now);
  const auto calls = [&] {
    return VaultCall{cause_id, {}, std::chrono::steady_clock::now() + facts_.office.vault_timeout};
  };
  // Every day is asked for: a row that is never asked about would wait for ever.
  TILTS_CHECK(PlaceFacts(facts_, {origin, calls, rows.size()}, sound));
  std::vector<events::Draft> drafts;
  std::size_t resolved = 0;
  for (const FactInHand& item : in_hand) {
    if (item.draft) drafts.push_back(*item.draft);
    if (item.on_its_way()) ++resolved;
  }
  // Before its row goes: a crash in between publishes the same record and revision again.
  if (!drafts.empty()) TILTS_CHECK(facts_.publisher.Publish(drafts));
  TILTS_CHECK(Settle(cause_id, rows, in_hand, now));
  facts_.probe.resolved.Add(static_cast<double>(resolved));
  return resolved;
}

core::Status HeldFactWorker::Settle(const std::string& cause_id, const std::vector<const HeldFactRow*>& rows,
                                    const std::vector<FactInHand>& in_hand, core::CityTime now) {
  return facts_.office.database.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    const HeldFactStore store(unit);
    std::size_t gone = 0;
    std::string first;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const HeldFactRow& row = *rows[i];
      if (in_hand[i].on_its_way()) {
        TILTS_CHECK(store.Remove(row));
        if (++gone == 1) first = row.held_id;
      } else if (row.due_at) {
        const bool unknown = in_hand[i].fate != FactInHand::Fate::kUnasked;
        TILTS_CHECK(store.Postpone(row, unknown ? std::nullopt : std::optional(NextVaultTry(now, row.attempts))));
      }
    }
    if (gone == 0) return {};
    TILTS_ASSIGN(const events::Draft audit,
                 backbone::AuditOfSystem(kServiceName, kHandler, cause_id + "/" + first, 0, now,
                                         {kFactAuditChain,
                                          auth::Touch::kWrite,
                                          {"facts-resolved/" + std::to_string(gone)},
                                          auth::AccessDecision::Allow("SYSTEM"),
                                          {}}));
    return unit.Emit(audit);
  });
}

core::Result<std::size_t> HeldFactWorker::WorkOnce() {
  const core::CityTime now = clock_.Now();
  std::vector<HeldFactRow> due;
  std::vector<HeldFactRow> waiting;
  TILTS_CHECK(facts_.office.database.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    const HeldFactStore store(unit);
    TILTS_ASSIGN(due, store.Due(now, kBatch));
    TILTS_ASSIGN(waiting, store.Waiting(waiting_after_, kBatch));
    return {};
  }));
  waiting_after_ = waiting.size() == kBatch ? waiting.back().held_id : std::string();
  TILTS_ASSIGN(const std::size_t first, Resolve(due, kHandler));
  TILTS_ASSIGN(const std::size_t second, Resolve(waiting, kHandler));
  return first + second;
}

void HeldFactWorker::LookAtCalendar() {
  const auto now = std::chrono::steady_clock::now();
  if (now < calendar_due_) return;
  const bool seen = school_days_.Refresh().has_value();
  calendar_due_ = now + (seen ? std::chrono::seconds(kCalendarLater) : kCalendarSoon);
}

void HeldFactWorker::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      LookAtCalendar();
      const core::Result<std::size_t> done = WorkOnce();
      if (!done) {
        facts_.office.log.Warning("held facts could not be looked at; they are tried again later",
                                  {{"code", core::ToString(done.error().code)}, {"reason", done.error().reason}});
      }
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, poll_, [this] { return woken_; });
      woken_ = false;
    }
  });
}

void HeldFactWorker::Wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void HeldFactWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tilts::case_intake
