#include "case_intake/adapters/tier_notes.hpp"

#include "backbone/audit.hpp"
#include "case_intake/adapters/vault_steps.hpp"

namespace tilts::case_intake {
namespace {

constexpr int kBatch = 50;
constexpr char kHandler[] = "wrap-tier-note";

struct Waiting {
  core::PersonId pupil;
  NoteRow note;
  int attempts = 0;
};

core::Result<std::vector<Waiting>> Due(postgres::Database& database, core::CityTime now) {
  TILTS_ASSIGN(
      const postgres::Rows rows,
      database.Query("SELECT note_id, pupil_id, sealed, wrapped_key, written_at, vault_attempts FROM tier_note "
                     "WHERE vault_due_at <= $1 ORDER BY vault_due_at, note_id LIMIT $2",
                     {now, kBatch}));
  std::vector<Waiting> due;
  for (const postgres::Row row : rows) {
    due.push_back({core::PersonId(row.Text(1)),
                   {core::NoteId(row.Text(0)), {}, {}, row.BytesOf(2), row.BytesOf(3), row.Time(4)},
                   static_cast<int>(row.Int(5))});
  }
  return due;
}

core::Status Keep(const Office& office, const NoteRow& wrapped, core::CityTime now) {
  return office.database.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    TILTS_ASSIGN(const postgres::Rows rows,
                 unit.Exec("UPDATE tier_note SET wrapped_key = $2, person_id = $3, vault_due_at = NULL "
                           "WHERE note_id = $1 AND person_id IS NULL",
                           {wrapped.id.value(), postgres::Bytes{wrapped.wrapped_key}, wrapped.person.value()}));
    if (rows.affected() == 0) return {};  // another instance was first
    TILTS_ASSIGN(const events::Draft audit, backbone::AuditOfSystem(kServiceName, kHandler, wrapped.id.value(), 1, now,
                                                                    {AuditChain(Stream::kPmp),
                                                                     auth::Touch::kWrite,
                                                                     {"person/" + wrapped.person.value()},
                                                                     auth::AccessDecision::Allow("SYSTEM"),
                                                                     {}}));
    return unit.Emit(audit);
  });
}

core::Status Postpone(const Office& office, const Waiting& waiting, core::CityTime now) {
  TILTS_CHECK(
      office.database.Query("UPDATE tier_note SET vault_due_at = $2, vault_attempts = vault_attempts + 1 "
                            "WHERE note_id = $1 AND person_id IS NULL AND vault_attempts = $3",
                            {waiting.note.id.value(), NextVaultTry(now, waiting.attempts + 1), waiting.attempts}));
  return {};
}

}  // namespace

NoteRow SealTierNote(const Office& office, const core::NoteId& id, const core::PersonId& pupil, const std::string& text,
                     core::CityTime now, const VaultCall& call) {
  const std::string context = NoteContext(id);
  const Sealed sealed = Sealer::SealFresh(text, context);
  NoteRow note{id, {}, {}, sealed.bytes, office.sealer.Hold(sealed.key, context), now};
  const auto wrapped = office.vault.Wrap(pupil, {std::string(sealed.key.bytes())}, call);
  if (wrapped) {
    note.person = pupil;
    note.wrapped_key = wrapped->front();
  }
  return note;
}

core::Status InsertTierNote(postgres::UnitOfWork& unit, const core::PersonId& pupil, const NoteRow& note) {
  const bool waits = note.person.empty();
  TILTS_CHECK(
      unit.Exec("INSERT INTO tier_note (note_id, pupil_id, person_id, sealed, wrapped_key, written_at, vault_due_at, "
                "vault_attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
                {note.id.value(), pupil.value(), waits ? std::nullopt : std::optional(note.person.value()),
                 postgres::Bytes{note.sealed}, postgres::Bytes{note.wrapped_key}, note.written_at,
                 waits ? std::optional(NextVaultTry(note.written_at, 0)) : std::nullopt}));
  return {};
}

core::Result<TierNoteBacklog> CountTierNotes(postgres::Database& database, core::CityTime now) {
  TILTS_ASSIGN(const postgres::Rows rows, database.Query("SELECT count(*) FILTER (WHERE vault_due_at <= $1), "
                                                         "min(vault_due_at) FILTER (WHERE vault_due_at > $1) "
                                                         "FROM tier_note WHERE vault_due_at IS NOT NULL",
                                                         {now}));
  return TierNoteBacklog{static_cast<std::uint64_t>(rows.front().Int(0)), rows.front().OptionalTime(1)};
}

core::Result<std::size_t> TierNoteWorker::WorkOnce() {
  const core::CityTime now = clock_.Now();
  TILTS_ASSIGN(const std::vector<Waiting> due, Due(office_.database, now));
  std::size_t wrapped = 0;
  for (const Waiting& waiting : due) {
    if (thread_.get_stop_token().stop_requested()) break;
    const VaultCall call{waiting.note.id.value(), {}, std::chrono::steady_clock::now() + office_.vault_timeout};
    const auto notes = WrapNotes(office_, waiting.pupil, {waiting.note}, call);
    if (notes) {
      TILTS_CHECK(Keep(office_, notes->front(), now));
      ++wrapped;
      continue;
    }
    office_.log.Warning("a decision's text could not be put under its pupil's key; it is tried again later",
                        {{"code", core::ToString(notes.error().code)}, {"reason", notes.error().reason}});
    TILTS_CHECK(Postpone(office_, waiting, now));
  }
  return wrapped;
}

void TierNoteWorker::Start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(WorkOnce());
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, poll_, [] { return false; });
    }
  });
}

void TierNoteWorker::Stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

}  // namespace tilts::case_intake
