#include "case_intake/adapters/vault_steps.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "wire/bytes.hpp"
#include "wire/json.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

std::string HeldContext(const core::ReportId& report) {
  return "held/" + report.value();
}

core::Result<HeldRow> SealPeople(const Sealer& sealer, const ReadReport& read, std::string vault_request_id) {
  intake::v1::HeldPeople people;
  for (const intake::v1::ReportedPerson& person : read.people) *people.add_people() = person;
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(people));
  const std::string context = HeldContext(read.report.id);
  const Sealed sealed = Sealer::SealFresh(bytes, context);
  return HeldRow{read.report.id, sealed.bytes, sealer.Hold(sealed.key, context), std::move(vault_request_id)};
}

// True when every person is in the vault now.
bool Resolve(const Office& office, ReadReport& read, const std::string& vault_request_id, const VaultCall& call) {
  const auto answer = AskVault(office, read.report, read.people, vault_request_id, call);
  if (!answer) {
    office.log.Warning("the vault could not resolve the people of a report; they are held",
                       {{"report_id", read.report.id.value()},
                        {"code", core::ToString(answer.error().code)},
                        {"reason", answer.error().reason}});
    return false;
  }
  Absorb(answer->people(), read.report);
  return true;
}

// Where the same people of the same request are asked for again, it is with the same id: they stay the same persons.
// Keyed, because the id stands in other tables than the people.
core::Result<std::string> VaultRequestId(const Office& office, const ReadReport& read, const std::string& request_key) {
  intake::v1::HeldPeople people;
  for (const intake::v1::ReportedPerson& person : read.people) *people.add_people() = person;
  TILTS_ASSIGN(const std::string json, wire::ToJson(people));
  return crypto::ToHex(crypto::HmacSha256(office.fingerprint_secret, request_key + "/" + json));
}

NoteRow SealNote(const Office& office, const ReadReport& read, core::CityTime now, const VaultCall& call) {
  NoteRow note;
  note.id = core::NoteId(crypto::RandomId());
  note.report = read.report.id;
  note.written_at = now;
  const std::string context = NoteContext(note.id);
  const Sealed sealed = Sealer::SealFresh(read.text, context);
  note.sealed = sealed.bytes;
  note.wrapped_key = office.sealer.Hold(sealed.key, context);
  const core::PersonId child = ChildOf(*office.rules.Current(), read.report, now);
  if (child.empty()) return note;
  const auto wrapped = office.vault.Wrap(child, {std::string(sealed.key.bytes())}, call);
  if (wrapped) {
    note.person = child;
    note.wrapped_key = wrapped->front();
  }
  return note;
}

}  // namespace

core::CityTime NextVaultTry(core::CityTime now, int attempts) {
  const int doublings = std::clamp(attempts, 0, 16);
  return now + std::min(kFirstVaultWait * (1 << doublings), kLongestVaultWait);
}

// The vault is given time; the list is not asked for by reports, so what waits for it alone is due as soon as it is
// there.
std::optional<core::CityTime> PreparedReport::FinishAt(core::CityTime now) const {
  if (vault_waits) return NextVaultTry(now, 0);
  return list_waits ? std::optional(now) : std::nullopt;
}

core::Result<registry::v1::ResolvePersonsResponse> AskVault(const Office& office, const Report& report,
                                                            const std::vector<intake::v1::ReportedPerson>& people,
                                                            const std::string& vault_request_id,
                                                            const VaultCall& call) {
  registry::v1::ResolvePersonsRequest request;
  request.set_request_id(vault_request_id);
  request.set_institution_id(report.reporter.value());
  // As it was reported or not at all: asked again later, the request must be the same.
  if (report.occurred_at) *request.mutable_occurred_at() = wire::ToTimestamp(*report.occurred_at);
  for (const intake::v1::ReportedPerson& person : people) *request.add_people() = person;
  return office.vault.Resolve(request, call);
}

core::Result<PreparedReport> Prepare(const Office& office, ReadReport read, const std::string& request_key,
                                     core::CityTime now, const VaultCall& call) {
  PreparedReport prepared;
  if (!read.people.empty()) {
    TILTS_ASSIGN(std::string vault_request_id, VaultRequestId(office, read, request_key));
    read.report.people_held = !Resolve(office, read, vault_request_id, call);
    if (read.report.people_held) {
      TILTS_ASSIGN(prepared.held, SealPeople(office.sealer, read, std::move(vault_request_id)));
    }
  }
  if (!read.text.empty()) prepared.note = SealNote(office, read, now, call);
  const bool note_waits =
      prepared.note && prepared.note->person.empty() && !ChildOf(*office.rules.Current(), read.report, now).empty();
  prepared.vault_waits = read.report.people_held || note_waits;
  prepared.list_waits = office.rules.Current()->institutions.empty();
  prepared.read = std::move(read);
  return prepared;
}

core::Result<std::vector<intake::v1::ReportedPerson>> OpenHeld(const Sealer& sealer, const HeldRow& row) {
  const std::string context = HeldContext(row.report);
  TILTS_ASSIGN(const crypto::SecretKey key, sealer.Unhold(row.wrapped_key, context));
  TILTS_ASSIGN(const std::string bytes, Sealer::Open(key.bytes(), row.sealed, context));
  intake::v1::HeldPeople people;
  TILTS_CHECK(wire::Parse(bytes, people));
  return std::vector<intake::v1::ReportedPerson>(people.people().begin(), people.people().end());
}

core::Result<std::vector<NoteRow>> WrapNotes(const Office& office, const core::PersonId& child,
                                             std::vector<NoteRow> notes, const VaultCall& call) {
  if (notes.empty()) return notes;
  std::vector<std::string> keys;
  for (const NoteRow& note : notes) {
    TILTS_ASSIGN(const crypto::SecretKey key, office.sealer.Unhold(note.wrapped_key, NoteContext(note.id)));
    keys.emplace_back(key.bytes());
  }
  core::Result<std::vector<std::string>> wrapped = office.vault.Wrap(child, keys, call);
  if (!wrapped && wrapped.error().reason == Vault::kPersonErased) wrapped = std::vector<std::string>(notes.size());
  if (!wrapped) return core::Fail(wrapped.error());
  for (std::size_t i = 0; i < notes.size(); ++i) {
    notes[i].person = child;
    notes[i].wrapped_key = (*wrapped)[i];
  }
  return notes;
}

std::string NoteContext(const core::NoteId& id) {
  return "note/" + id.value();
}

core::PersonId ChildOf(const Rules& rules, const Report& report, core::CityTime now) {
  return Assess(rules, report, now).child;
}

}  // namespace tilts::case_intake
