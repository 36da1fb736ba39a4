#include "case_intake/adapters/case_reader.hpp"

#include <map>
#include <set>

#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/vault_steps.hpp"
#include "case_intake/app/contract.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kVaultUnavailable[] = "VAULT_UNAVAILABLE";
constexpr char kNoteErased[] = "NOTE_ERASED";
constexpr char kNoteUnreadable[] = "NOTE_UNREADABLE";

std::string_view AdviceOf(std::string_view code) {
  if (code == kVaultUnavailable) return "The vault of persons cannot be reached; read the case again in a moment";
  if (code == Vault::kPersonErased) return "The person was erased; nothing to do";
  if (code == kNoteErased) return "The text went with the person it was about; nothing to do";
  return "The text cannot be opened; ask the operator to look at the holding keys";
}

// Builds one answer.
class Show {
 public:
  Show(const Office& office, const CaseMaterial& material, const core::InstitutionId& reader, const VaultCall& call)
      : office_(office), material_(material), reader_(reader), call_(call), view_(Outline(material.current)) {}

  core::Result<intake::v1::Case> Run() && {
    view_.set_other_file_exists(material_.other_file_exists);
    for (const ReportRow& report : material_.reports) {
      TILTS_CHECK(AddPeople(report));
      intake::v1::CaseReport& added = *view_.add_reports();
      added.set_report_id(report.id.value());
      *added.mutable_received_at() = wire::ToTimestamp(report.received_at);
    }
    Describe();
    AddTexts();
    return std::move(view_);
  }

 private:
  void Notice(std::string field, std::string_view code) {
    intake::v1::Warning& notice = *view_.add_notices();
    notice.set_field(std::move(field));
    notice.set_code(std::string(code));
    notice.set_message(std::string(AdviceOf(code)));
  }

  // The people of held reports are read from the seal: who has to act must know the child.
  core::Status AddPeople(const ReportRow& report) {
    std::vector<intake::v1::ReportedPerson> held;
    for (const HeldRow& row : material_.held) {
      if (row.report != report.id) continue;
      TILTS_ASSIGN(held, OpenHeld(office_.sealer, row));
    }
    const int known = report.content.people_size() - static_cast<int>(held.size());
    for (int i = 0; i < report.content.people_size(); ++i) {
      const intake::v1::StoredPerson& stored = report.content.people(i);
      if (stored.role() == codes::v1::PERSON_ROLE_REPORTER) continue;
      if (!stored.person_id().empty() && !seen_.insert({stored.person_id(), stored.role()}).second) continue;
      intake::v1::CasePerson& person = *view_.add_people();
      person.set_person_id(stored.person_id());
      person.set_role(stored.role());
      if (i < known) continue;
      const intake::v1::ReportedPerson& sealed = held[static_cast<std::size_t>(i - known)];
      person.set_given_name(sealed.given_name());
      person.set_family_name(sealed.family_name());
      person.set_birth_date(sealed.birth_date());
      person.set_contact(sealed.contact());
    }
    return {};
  }

  void Describe() {
    registry::v1::DescribePersonsRequest request;
    request.set_on_behalf_of_institution_id(reader_.value());
    std::set<std::string> ids;
    for (const intake::v1::CasePerson& person : view_.people()) {
      if (!person.person_id().empty() && ids.insert(person.person_id()).second) {
        request.add_person_ids(person.person_id());
      }
    }
    if (ids.empty()) return;
    const auto answer = office_.vault.Describe(request, call_);
    if (!answer) return Notice("people", kVaultUnavailable);
    std::map<std::string, const registry::v1::DescribedPerson*> described;
    for (const registry::v1::DescribedPerson& person : answer->people()) described[person.person_id()] = &person;
    for (int i = 0; i < view_.people_size(); ++i) {
      intake::v1::CasePerson& person = *view_.mutable_people(i);
      const auto found = described.find(person.person_id());
      if (found == described.end()) continue;
      const registry::v1::DescribedPerson& from = *found->second;
      if (from.erased()) Notice("people[" + std::to_string(i) + "]", Vault::kPersonErased);
      person.set_given_name(from.given_name());
      person.set_family_name(from.family_name());
      person.set_birth_date(from.birth_date());
      person.set_contact(from.contact());
    }
  }

  void AddTexts() {
    std::map<core::PersonId, std::vector<const NoteRow*>> by_person;
    for (const NoteRow& note : material_.notes) by_person[note.person].push_back(&note);
    std::map<core::NoteId, std::string> keys;
    for (const auto& [person, notes] : by_person) Unwrap(person, notes, keys);
    // In the order they were written.
    for (const NoteRow& note : material_.notes) {
      const auto key = keys.find(note.id);
      if (key != keys.end()) Append(note, key->second);
    }
  }

  void Unwrap(const core::PersonId& person, std::vector<const NoteRow*> notes,
              std::map<core::NoteId, std::string>& keys) {
    // Erased before the vault could wrap them: the key was thrown away.
    for (const NoteRow* note : notes) {
      if (note->wrapped_key.empty()) Notice(FieldOf(*note), kNoteErased);
    }
    std::erase_if(notes, [](const NoteRow* note) { return note->wrapped_key.empty(); });
    if (notes.empty()) return;
    if (person.empty()) {
      for (const NoteRow* note : notes) {
        const auto key = office_.sealer.Unhold(note->wrapped_key, NoteContext(note->id));
        if (key) {
          keys[note->id] = std::string(key->bytes());
        } else {
          Notice(FieldOf(*note), kNoteUnreadable);
        }
      }
      return;
    }
    std::vector<std::string> wrapped;
    for (const NoteRow* note : notes) wrapped.push_back(note->wrapped_key);
    const auto opened = office_.vault.Unwrap(person, wrapped, call_);
    for (std::size_t i = 0; i < notes.size(); ++i) {
      if (opened) {
        keys[notes[i]->id] = (*opened)[i];
      } else {
        const bool erased = opened.error().reason == Vault::kPersonErased;
        Notice(FieldOf(*notes[i]), erased ? kNoteErased : kVaultUnavailable);
      }
    }
  }

  std::string FieldOf(const NoteRow& note) const {
    return "reports[" + std::to_string(IndexOf(note.report)) + "].description";
  }

  int IndexOf(const core::ReportId& report) const {
    int index = 0;
    while (material_.reports[static_cast<std::size_t>(index)].id != report) ++index;
    return index;
  }

  void Append(const NoteRow& note, const std::string& key) {
    const auto text = Sealer::Open(key, note.sealed, NoteContext(note.id));
    if (!text) return Notice(FieldOf(note), kNoteUnreadable);
    std::string& description = *view_.mutable_reports(IndexOf(note.report))->mutable_description();
    if (!description.empty()) description += "\n\n";
    description += *text;
  }

  const Office& office_;
  const CaseMaterial& material_;
  const core::InstitutionId& reader_;
  const VaultCall& call_;
  intake::v1::Case view_;
  std::set<std::pair<std::string, int>> seen_;
};

}  // namespace

core::Result<CaseMaterial> LoadMaterial(postgres::UnitOfWork& unit, Case current) {
  CaseMaterial material;
  const ReportStore reports(unit);
  TILTS_ASSIGN(material.reports, reports.OfCase(current.id));
  TILTS_ASSIGN(material.notes, reports.NotesOfCase(current.id));
  TILTS_ASSIGN(material.other_file_exists, CaseStore(unit).OtherFileExists(current));
  for (const ReportRow& report : material.reports) {
    if (!report.content.people_held()) continue;
    TILTS_ASSIGN(auto held, reports.FindHeld(report.id));
    if (held) material.held.push_back(std::move(*held));
  }
  material.current = std::move(current);
  return material;
}

core::Result<intake::v1::Case> ShowCase(const Office& office, const CaseMaterial& material,
                                        const core::InstitutionId& reader, const VaultCall& call) {
  return Show(office, material, reader, call).Run();
}

}  // namespace tilts::case_intake
