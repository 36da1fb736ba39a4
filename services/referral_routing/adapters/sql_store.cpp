#include "referral_routing/adapters/sql_store.hpp"

#include "referral_routing/app/contract.hpp"
#include "wire/bytes.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;
using core::Status;
using postgres::Bytes;
using postgres::Params;

constexpr char kCaseLock[] = "routed_case";

// Sorts after every real time.
const CityTime kNoClock = core::ParseRfc3339("9999-12-31T00:00:00Z").value();

CityTime ClockDueOf(const Referral& referral) {
  const auto clock = RunningClock(referral);
  if (!clock) return kNoClock;
  switch (*clock) {
    case ClockName::kAcknowledge: return referral.due.acknowledge.value_or(kNoClock);
    case ClockName::kAnswer: return referral.due.answer.value_or(kNoClock);
    case ClockName::kOutcome: return referral.due.outcome.value_or(kNoClock);
  }
  return kNoClock;
}

std::optional<std::string> NullIfEmpty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

Result<Params> ColumnsOf(const Referral& referral) {
  TILTS_ASSIGN(const std::string content, wire::Serialize(ToStored(referral)));
  return Params{referral.id.value(),
                referral.case_id.value(),
                referral.requester.value(),
                referral.recipient.value(),
                referral.ask.purpose,
                static_cast<int>(referral.state),
                IsOpen(referral),
                -static_cast<int>(referral.ask.urgency),
                ClockDueOf(referral),
                referral.calendar_id,
                referral.calendar_version,
                referral.sequence,
                Bytes{content}};
}

std::optional<ClockName> ClockNamed(std::string_view name) {
  for (const ClockName clock : {ClockName::kAcknowledge, ClockName::kAnswer, ClockName::kOutcome}) {
    if (ToString(clock) == name) return clock;
  }
  return std::nullopt;
}

}  // namespace

Result<Referral> ReadReferral(std::string_view content) {
  referrals::v1::StoredReferral stored;
  TILTS_CHECK(wire::Parse(content, stored));
  return FromStored(stored);
}

Status SqlStore::LockCase(const core::CaseId& id) {
  return unit_.Lock(kCaseLock, id.value());
}

Result<bool> SqlStore::TryLockCase(const core::CaseId& id) {
  return unit_.TryLock(kCaseLock, id.value());
}

Result<std::optional<CaseRecord>> SqlStore::LoadCase(const core::CaseId& id) {
  TILTS_ASSIGN(const auto rows,
               unit_.Exec("SELECT state, subject_id, merged_into_id, facts, correlation_id, school_year, "
                          "municipality FROM routed_case WHERE case_id = $1",
                          {id.value()}));
  if (rows.empty()) return std::nullopt;
  const postgres::Row row = rows.front();
  CaseRecord record;
  record.id = id;
  record.state = static_cast<codes::v1::CaseState>(row.Int(0));
  record.subject = core::PersonId(row.OptionalText(1).value_or(""));
  record.merged_into = core::CaseId(row.OptionalText(2).value_or(""));
  // A case of which only the end was seen has no picture.
  if (const std::string facts = row.BytesOf(3); !facts.empty()) TILTS_CHECK(wire::Parse(facts, record.facts));
  record.correlation_id = row.Text(4);
  record.school_year = row.Text(5);
  record.municipality = row.Text(6);
  return record;
}

Status SqlStore::SaveCase(const CaseRecord& record) {
  TILTS_ASSIGN(const std::string facts, wire::Serialize(record.facts));
  const Params columns{record.id.value(),
                       static_cast<int>(record.state),
                       NullIfEmpty(record.subject.value()),
                       record.facts.coordinator_id(),
                       NullIfEmpty(record.merged_into.value()),
                       Bytes{facts},
                       record.correlation_id,
                       record.school_year,
                       record.municipality};
  TILTS_CHECK(unit_.Exec(
      "INSERT INTO routed_case (case_id, state, subject_id, coordinator_id, merged_into_id, facts, correlation_id, "
      "school_year, municipality) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (case_id) DO UPDATE SET "
      "state = $2, subject_id = $3, coordinator_id = $4, merged_into_id = $5, facts = $6",
      columns));
  return {};
}

Result<std::optional<referrals::v1::StatutoryNotice>> SqlStore::LoadNotice(const core::CaseId& id) {
  TILTS_ASSIGN(const auto rows, unit_.Exec("SELECT content FROM statutory_notice WHERE notice_id = $1", {id.value()}));
  if (rows.empty()) return std::nullopt;
  referrals::v1::StatutoryNotice notice;
  TILTS_CHECK(wire::Parse(rows.front().BytesOf(0), notice));
  return notice;
}

Status SqlStore::SaveNotice(const core::CaseId& id, const referrals::v1::StatutoryNotice& notice) {
  TILTS_ASSIGN(const std::string content, wire::Serialize(notice));
  TILTS_CHECK(
      unit_.Exec("INSERT INTO statutory_notice (notice_id, content) VALUES ($1, $2) ON CONFLICT (notice_id) DO UPDATE "
                 "SET content = $2",
                 {id.value(), Bytes{content}}));
  return {};
}

Result<std::vector<Referral>> SqlStore::ReferralsOf(const core::CaseId& id) {
  // The rows are locked: a referral of a merged case is worked on under either case's lock.
  TILTS_ASSIGN(
      const auto rows,
      unit_.Exec(std::string("WITH RECURSIVE family (case_id) AS (SELECT $1 UNION SELECT c.case_id FROM routed_case c "
                             "JOIN family f ON c.merged_into_id = f.case_id) SELECT content FROM referral "
                             "WHERE case_id IN (SELECT case_id FROM family) ORDER BY position") +
                     row_lock_,
                 {id.value()}));
  std::vector<Referral> referrals;
  for (const postgres::Row row : rows) {
    TILTS_ASSIGN(Referral referral, ReadReferral(row.BytesOf(0)));
    referrals.push_back(std::move(referral));
  }
  return referrals;
}

Result<std::optional<Referral>> SqlStore::LoadReferral(const core::ReferralId& id) {
  TILTS_ASSIGN(const auto rows,
               unit_.Exec("SELECT content FROM referral WHERE referral_id = $1" + row_lock_, {id.value()}));
  if (rows.empty()) return std::nullopt;
  TILTS_ASSIGN(Referral referral, ReadReferral(rows.front().BytesOf(0)));
  return referral;
}

Status SqlStore::InsertReferral(const Referral& referral) {
  TILTS_ASSIGN(const Params columns, ColumnsOf(referral));
  TILTS_CHECK(unit_.Exec(
      "INSERT INTO referral (referral_id, case_id, requester_id, recipient_id, purpose, state, is_open, urgency_rank, "
      "clock_due_at, calendar_id, calendar_version, sequence, content) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
      columns));
  return {};
}

Status SqlStore::UpdateReferral(const Referral& referral) {
  TILTS_ASSIGN(const Params columns, ColumnsOf(referral));
  TILTS_ASSIGN(const auto rows,
               unit_.Exec("UPDATE referral SET requester_id = $3, state = $6, is_open = $7, urgency_rank = $8, "
                          "clock_due_at = $9, calendar_id = $10, calendar_version = $11, sequence = $12, content = $13 "
                          "WHERE referral_id = $1 AND case_id = $2 AND recipient_id = $4 AND purpose = $5",
                          columns));
  if (rows.affected() == 1) return {};
  return core::Fail(core::Errc::kInternal, "a referral that was just read is gone", "REFERRAL_GONE");
}

Result<FiredRungs> SqlStore::FiredOf(const core::ReferralId& id) {
  TILTS_ASSIGN(const auto rows, unit_.Exec("SELECT clock, rung FROM fired_rung WHERE referral_id = $1", {id.value()}));
  FiredRungs fired;
  for (const postgres::Row row : rows) {
    if (const auto clock = ClockNamed(row.View(0))) fired.insert({*clock, row.Text(1)});
  }
  return fired;
}

Status SqlStore::RecordFired(const core::ReferralId& id, ClockName clock, const std::string& rung, CityTime at) {
  TILTS_CHECK(unit_.Exec("INSERT INTO fired_rung (referral_id, clock, rung, fired_at) VALUES ($1, $2, $3, $4)",
                         {id.value(), ToString(clock), rung, at}));
  return {};
}

Result<std::optional<DueRung>> SqlStore::DueOf(const core::ReferralId& id) {
  TILTS_ASSIGN(const auto rows,
               unit_.Exec("SELECT clock, rung, due_at FROM due WHERE referral_id = $1 FOR UPDATE", {id.value()}));
  if (rows.empty()) return std::nullopt;
  return DueRung{rows.front().Text(0), rows.front().Text(1), rows.front().Time(2)};
}

Status SqlStore::SetDue(const core::ReferralId& id, const std::optional<DueRung>& due) {
  if (!due) {
    TILTS_CHECK(unit_.Exec("DELETE FROM due WHERE referral_id = $1", {id.value()}));
    return {};
  }
  TILTS_CHECK(
      unit_.Exec("INSERT INTO due (referral_id, clock, rung, due_at) VALUES ($1, $2, $3, $4) "
                 "ON CONFLICT (referral_id) DO UPDATE SET clock = $2, rung = $3, due_at = $4",
                 {id.value(), due->clock, due->rung, due->at}));
  return {};
}

Status SqlStore::InsertNote(const core::ReferralId& referral, Move move, const SealedNote& note, CityTime at) {
  TILTS_CHECK(
      unit_.Exec("INSERT INTO note (note_id, referral_id, move, person_id, sealed, wrapped_key, written_at) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7)",
                 {note.note_id, referral.value(), static_cast<int>(move), NullIfEmpty(note.person.value()),
                  Bytes{note.sealed}, Bytes{note.wrapped_key}, at}));
  return {};
}

}  // namespace tilts::referral_routing
