#include "case_intake/adapters/held_worker.hpp"

#include "backbone/audit.hpp"
#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/commands.hpp"
#include "case_intake/adapters/completion.hpp"
#include "case_intake/adapters/vault_steps.hpp"
#include "case_intake/app/contract.hpp"

namespace tilts::case_intake {
namespace {

constexpr int kBatch = 50;
constexpr char kHandler[] = "finish-report";

// A report as it waits.
struct Waiting {
  ReportRow row;
  std::optional<HeldRow> held;
  std::vector<NoteRow> notes;
};

core::Result<std::optional<Waiting>> Load(postgres::UnitOfWork& unit, const core::ReportId& id) {
  const ReportStore reports(unit);
  TILTS_ASSIGN(auto row, reports.Find(id));
  if (!row || !row->vault_due_at) return std::nullopt;
  Waiting waiting{std::move(*row), {}, {}};
  TILTS_ASSIGN(waiting.held, reports.FindHeld(id));
  TILTS_ASSIGN(waiting.notes, reports.HeldNotesOf(id));
  return waiting;
}

// The report with its people as the vault knows them now.
core::Result<Report> Resolved(const Office& office, const Waiting& waiting, const VaultCall& call) {
  Report report = FromStored(waiting.row.id, waiting.row.institution, waiting.row.content);
  if (!waiting.held) return report;
  TILTS_ASSIGN(const auto people, OpenHeld(office.sealer, *waiting.held));
  TILTS_ASSIGN(const auto answer, AskVault(office, report, people, waiting.held->vault_request_id, call));
  Absorb(answer.people(), report);
  report.people_held = false;
  return report;
}

core::Status Keep(postgres::UnitOfWork& unit, const Office& office, const Waiting& waiting, const Report& report,
                  const std::vector<NoteRow>& wrapped, bool done, core::CityTime now) {
  const ReportStore reports(unit);
  TILTS_ASSIGN(auto row, reports.Lock(waiting.row.id));
  // Completed by its sender or by another instance meanwhile: what is left to do is due again.
  if (!row || row->revision != waiting.row.revision) return {};
  const Occasion occasion{row->id.value(), {}, now, office.city_municipality};
  TILTS_ASSIGN(const Case after, CompleteInCase(unit, *office.rules.Current(), report, *row, occasion));
  TILTS_CHECK(reports.DropHeld(row->id));
  for (const NoteRow& note : wrapped) TILTS_CHECK(reports.RewrapNote(note));
  row->vault_attempts = done ? 0 : row->vault_attempts + 1;
  row->vault_due_at = done ? std::nullopt : std::optional(NextVaultTry(now, row->vault_attempts));
  TILTS_CHECK(reports.Update(*row));
  TILTS_ASSIGN(
      const events::Draft audit,
      backbone::AuditOfSystem(kServiceName, kHandler, row->id.value(), static_cast<unsigned>(row->revision), now,
                              {AuditChain(after.facts.stream),
                               auth::Touch::kWrite,
                               {"report/" + row->id.value(), "case/" + after.id.value()},
                               auth::AccessDecision::Allow("SYSTEM"),
                               {}}));
  return unit.Emit(audit);
}

}  // namespace

core::Result<bool> HeldWorker::Finish(const core::ReportId& id, core::CityTime now) {
  const auto load = [&](postgres::UnitOfWork& unit) { return Load(unit, id); };
  TILTS_ASSIGN(const std::optional<Waiting> waiting, office_.database.Transact(load));
  if (!waiting) return false;
  const VaultCall call{id.value(), {}, std::chrono::steady_clock::now() + office_.vault_timeout};
  TILTS_ASSIGN(const Report report, Resolved(office_, *waiting, call));
  const core::PersonId child = ChildOf(*office_.rules.Current(), report, now);
  bool done = true;
  std::vector<NoteRow> wrapped;
  if (!child.empty()) {
    auto notes = WrapNotes(office_, child, waiting->notes, call);
    done = notes.has_value();
    if (notes) wrapped = std::move(*notes);
  }
  TILTS_CHECK(TransactUntilSettled(office_.database, {CaseStore::kOneOpenCase}, [&](postgres::UnitOfWork& unit) {
    return Keep(unit, office_, *waiting, report, wrapped, done, now);
  }));
  if (done) office_.probe.finished.Add();
  return done;
}

core::Status HeldWorker::Postpone(const core::ReportId& id, core::CityTime now) {
  const auto work = [&](postgres::UnitOfWork& unit) -> core::Status {
    TILTS_ASSIGN(auto row, ReportStore(unit).Lock(id));
    if (!row || !row->vault_due_at || *row->vault_due_at > now) return {};
    TILTS_CHECK(
        unit.Exec("UPDATE report SET vault_attempts = vault_attempts + 1, vault_due_at = $2 WHERE report_id = $1",
                  {id.value(), NextVaultTry(now, row->vault_attempts + 1)}));
    return {};
  };
  return office_.database.Transact(work);
}

core::Result<std::size_t> HeldWorker::WorkOnce() {
  // Without a list nothing could be finished, and whoever waits for it alone must not be put off.
  if (office_.rules.Current()->institutions.empty()) return 0;
  const core::CityTime now = clock_.Now();
  TILTS_ASSIGN(const std::vector<core::ReportId> due, DueForVault(office_.database, now, kBatch));
  std::size_t finished = 0;
  for (const core::ReportId& id : due) {
    if (thread_.get_stop_token().stop_requested()) break;
    const core::Result<bool> outcome = Finish(id, now);
    if (outcome) {
      finished += *outcome ? 1 : 0;
      continue;
    }
    office_.log.Warning("a held report could not be finished; it is tried again later",
                        {{"report_id", id.value()},
                         {"code", core::ToString(outcome.error().code)},
                         {"reason", outcome.error().reason}});
    TILTS_CHECK(Postpone(id, now));
  }
  return finished;
}

void HeldWorker::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(WorkOnce());
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, poll_, [] { return false; });
    }
  });
}

void HeldWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tilts::case_intake
