#include <map>
#include <set>

#include "case_intake/adapters/fact_placing.hpp"
#include "case_intake/adapters/held_fact_store.hpp"
#include "case_intake/adapters/pupil_enrolment_store.hpp"
#include "case_intake/app/fact_reading.hpp"
#include "wire/json.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

// What the vault takes in one call.
constexpr std::size_t kMostPeople = 500;

// An enrolment whose person is known.
struct Settled {
  FactInHand* item;
  Enrolment enrolment;
};

core::Result<registry::v1::ResolvePersonsRequest> RequestFor(const FactOffice& facts, const FactOrigin& origin, Day day,
                                                             std::span<FactInHand* const> items) {
  registry::v1::ResolvePersonsRequest request;
  request.set_institution_id(origin.institution_id);
  request.set_enrolment(true);
  // Numbers are valid from the first day of the enrolment.
  *request.mutable_occurred_at() = wire::ToTimestamp(calendar::StartOfDay(DateOf(day)));
  for (const FactInHand* item : items) {
    *request.add_people() =
        PersonToResolve(item->sent->enrolment().person(), item->fact.pupil_number, origin.institution_id);
  }
  TILTS_ASSIGN(const std::string content, wire::ToJson(request));
  request.set_request_id(facts.keys.VaultRequestId(content));
  return request;
}

core::Status ResolveSome(const FactOffice& facts, const FactOrigin& origin, Day day, std::span<FactInHand* const> items,
                         const VaultCall& call, std::map<FactInHand*, std::string>& persons) {
  TILTS_ASSIGN(const registry::v1::ResolvePersonsRequest request, RequestFor(facts, origin, day, items));
  TILTS_ASSIGN(const auto answer, facts.office.vault.Resolve(request, call));
  for (std::size_t i = 0; i < items.size(); ++i) {
    persons[items[i]] = answer.people(static_cast<int>(i)).person_id();
  }
  return {};
}

// Person by enrolment; an enrolment that is not in the answer could not be asked for.
std::map<FactInHand*, std::string> ResolvePersons(const FactOffice& facts, const FactOrigin& origin,
                                                  const std::vector<FactInHand*>& enrolments, const VaultCalls& calls) {
  std::map<Day, std::vector<FactInHand*>> by_day;
  for (FactInHand* item : enrolments) by_day[DayOf(item->fact)].push_back(item);
  std::map<FactInHand*, std::string> persons;
  for (const auto& [day, items] : by_day) {
    for (std::size_t from = 0; from < items.size(); from += kMostPeople) {
      const std::span<FactInHand* const> some(items.data() + from, std::min(kMostPeople, items.size() - from));
      const core::Status status = ResolveSome(facts, origin, day, some, calls(), persons);
      if (status) continue;
      facts.office.log.Warning("the vault could not resolve the pupils of enrolments; they are held",
                               {{"code", core::ToString(status.error().code)}, {"reason", status.error().reason}});
      return persons;
    }
  }
  return persons;
}

// A withdrawn one brings no person: its number must be known already.
void FindWithdrawn(const FactOffice& facts, const Placing& placing, const std::vector<FactInHand*>& withdrawn,
                   std::map<FactInHand*, std::string>& persons) {
  if (withdrawn.empty()) return;
  std::vector<PupilQuestion> questions;
  for (const FactInHand* item : withdrawn) questions.push_back({item->fact.pupil_number, DayOf(item->fact)});
  const std::vector<PupilAnswer> answers = facts.pupils.Find(placing.origin.institution_id, questions, placing.calls(), placing.most_lookups);
  for (std::size_t i = 0; i < withdrawn.size(); ++i) {
    if (answers[i].kind == PupilAnswer::Kind::kKnown) persons[withdrawn[i]] = answers[i].pupil.person_id;
    if (answers[i].kind == PupilAnswer::Kind::kUnknown) withdrawn[i]->fate = FactInHand::Fate::kUnknown;
  }
}

bool SameContent(Enrolment a, const Enrolment& b) {
  a.as_of = b.as_of;
  a.person_id = b.person_id;
  return a == b;
}

// Table, outbox and what waited for these numbers, in one transaction: an enrolment in the table is on its way to the
// log whatever happens to this call.
// Returns the enrolments that changed nothing because a revision as great was known.
core::Result<std::set<FactInHand*>> Record(const FactOffice& facts, const FactOrigin& origin,
                                           const std::vector<Settled>& settled, postgres::UnitOfWork& unit) {
  const EnrolmentStore store(unit, origin.institution_id);
  std::vector<Enrolment> rows;
  std::vector<std::string> records;
  std::vector<std::string> numbers;
  for (const Settled& one : settled) {
    rows.push_back(one.enrolment);
    records.push_back(one.enrolment.record_id);
    numbers.push_back(facts.keys.NumberIndex(origin.institution_id, one.item->fact.pupil_number));
  }
  TILTS_ASSIGN(const std::set<std::string> written, store.Apply(rows));
  TILTS_ASSIGN(const std::vector<Enrolment> stored, store.OfRecords(records));
  std::map<std::string, Enrolment> now;
  for (const Enrolment& one : stored) now[one.record_id] = one;
  std::vector<events::Draft> drafts;
  std::set<std::string> emitted;
  std::set<FactInHand*> outdated;
  for (const Settled& one : settled) {
    const Enrolment& known = now[one.enrolment.record_id];
    if (known.revision != one.enrolment.revision || !SameContent(one.enrolment, known)) {
      outdated.insert(one.item);
    }
    if (!written.contains(known.record_id) || !emitted.insert(known.record_id).second) continue;
    TILTS_ASSIGN(events::Draft draft, DraftOf(known, origin));
    drafts.push_back(std::move(draft));
  }
  TILTS_CHECK(unit.Emit(drafts));
  TILTS_CHECK(HeldFactStore(unit).MakeDue(origin.institution_id, numbers, origin.at));
  return outdated;
}

}  // namespace

core::Status PlaceEnrolments(const FactOffice& facts, const Placing& placing,
                             const std::vector<FactInHand*>& enrolments) {
  if (enrolments.empty()) return {};
  const FactOrigin& origin = placing.origin;
  std::vector<FactInHand*> present;
  std::vector<FactInHand*> withdrawn;
  for (FactInHand* item : enrolments) (item->fact.withdrawn ? withdrawn : present).push_back(item);
  std::map<FactInHand*, std::string> persons = ResolvePersons(facts, origin, present, placing.calls);
  FindWithdrawn(facts, placing, withdrawn, persons);

  const Day today = DayOf(calendar::RigaDate(origin.at));
  std::vector<Settled> settled;
  for (FactInHand* item : enrolments) {
    item->record_id = facts.keys.RecordId(item->fact, origin.institution_id, {});
    const auto person = persons.find(item);
    if (person == persons.end()) {
      if (item->fate == FactInHand::Fate::kOpen) item->fate = FactInHand::Fate::kUnasked;
      continue;
    }
    Enrolment enrolment = EnrolmentOf(std::get<EnrolmentFact>(item->fact.body), item->fact, today);
    enrolment.record_id = item->record_id;
    enrolment.person_id = person->second;
    settled.push_back({item, std::move(enrolment)});
  }
  if (settled.empty()) return {};
  TILTS_ASSIGN(const std::set<FactInHand*> outdated, facts.office.database.Transact([&](postgres::UnitOfWork& unit) {
    return Record(facts, origin, settled, unit);
  }));
  for (FactInHand* item : outdated) {
    item->warnings.push_back({item->path + ".revision", fact_warning::kRevisionNotGreater});
  }
  for (const Settled& one : settled) {
    one.item->fate = FactInHand::Fate::kRecorded;
    facts.pupils.cache().Forget(origin.institution_id, one.item->fact.pupil_number);
  }
  facts.wake();
  return {};
}

}  // namespace tilts::case_intake
