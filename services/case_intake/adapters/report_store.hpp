#pragma once

#include <tilts/intake/v1/stored_report.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "case_intake/domain/case.hpp"
#include "postgres/database.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

struct ReportRow {
  core::ReportId id;
  core::CaseId case_id;
  core::InstitutionId institution;
  std::string source_event_id;  // may be empty
  std::string fingerprint;
  core::CityTime received_at{};
  intake::v1::StoredReport content;
  std::uint64_t revision = 1;
  std::optional<core::CityTime> vault_due_at;
  int vault_attempts = 0;
};

// People that wait for the vault, sealed.
struct HeldRow {
  core::ReportId report;
  std::string sealed;
  std::string wrapped_key;
  std::string vault_request_id;
};

struct NoteRow {
  core::NoteId id;
  core::ReportId report;
  core::PersonId person;  // whose key wraps it; empty: the holding key
  std::string sealed;
  std::string wrapped_key;
  core::CityTime written_at{};
};

// The tables report, held_person and note, within one transaction.
class ReportStore {
 public:
  explicit ReportStore(postgres::UnitOfWork& unit) : unit_(unit) {}

  core::Result<std::optional<ReportRow>> Find(const core::ReportId& id) const;
  core::Result<std::optional<ReportRow>> Lock(const core::ReportId& id) const;
  core::Result<std::optional<ReportRow>> FindBySourceEvent(const core::InstitutionId& institution,
                                                           const std::string& source_event_id) const;
  // In the order they were received.
  core::Result<std::vector<ReportRow>> OfCase(const core::CaseId& id) const;
  core::Result<std::vector<AttachedReport>> AttachedTo(const core::CaseId& id) const;
  // kAlreadyExists with reason kOneSourceEvent.
  core::Status Insert(const ReportRow& row) const;
  // Content, case, vault fields; the revision rises.
  core::Status Update(const ReportRow& row) const;
  core::Status Move(const core::CaseId& from, const core::CaseId& to) const;

  core::Status PutHeld(const HeldRow& row) const;
  core::Status DropHeld(const core::ReportId& id) const;
  core::Result<std::optional<HeldRow>> FindHeld(const core::ReportId& id) const;

  core::Status InsertNote(const NoteRow& row) const;
  core::Result<std::vector<NoteRow>> NotesOfCase(const core::CaseId& id) const;
  core::Result<std::vector<NoteRow>> HeldNotesOf(const core::ReportId& id) const;
  // Only a note that is still under the holding key.
  core::Status RewrapNote(const NoteRow& row) const;

  static constexpr char kOneSourceEvent[] = "one_report_per_source_event";

 private:
  core::Result<std::vector<ReportRow>> Many(std::string_view where, const postgres::Params& params) const;
  core::Result<std::optional<ReportRow>> One(std::string_view where, const postgres::Params& params) const;
  core::Result<std::vector<NoteRow>> Notes(std::string_view where, const postgres::Params& params) const;

  postgres::UnitOfWork& unit_;
};

// Reports whose turn with the vault has come, the longest waiting first.
core::Result<std::vector<core::ReportId>> DueForVault(postgres::Database& database, core::CityTime now, int limit);

struct VaultBacklog {
  std::uint64_t due_now = 0;
  std::optional<core::CityTime> next_due_at;
  std::string oldest;  // "report/…"; empty when nothing waits
  std::optional<core::CityTime> oldest_at;
};
core::Result<VaultBacklog> CountForVault(postgres::Database& database, core::CityTime now);

}  // namespace tilts::case_intake
