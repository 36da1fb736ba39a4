#include "case_intake/adapters/fact_placing.hpp"

#include <limits>
#include <map>
#include <set>

#include "case_intake/adapters/pupil_enrolment_store.hpp"

namespace tilts::case_intake {
namespace {

using EnrolmentsOf = std::map<std::string, std::vector<Enrolment>>;

struct Pending {
  FactInHand* item;
  PupilEntry pupil;
};

// Who must be looked up in the table: support facts say stage and grade, others only warn when nothing is remembered.
std::vector<std::string> PersonsToRead(const std::vector<Pending>& pending) {
  std::set<std::string> persons;
  for (const Pending& one : pending) {
    if (IsSupport(one.item->fact) || !one.pupil.EnrolledOn(DayOf(one.item->fact))) {
      persons.insert(one.pupil.person_id);
    }
  }
  return {persons.begin(), persons.end()};
}

core::Result<EnrolmentsOf> ReadEnrolments(const FactOffice& facts, const FactOrigin& origin,
                                          const std::vector<std::string>& persons) {
  if (persons.empty()) return EnrolmentsOf();
  TILTS_ASSIGN(const auto list, facts.office.database.Transact([&](postgres::UnitOfWork& unit) {
    return EnrolmentStore(unit, origin.institution_id).OfPersons(persons);
  }));
  EnrolmentsOf found;
  for (const Enrolment& one : list) found[one.person_id].push_back(one);
  return found;
}

void RememberEnrolled(const FactOffice& facts, const FactOrigin& origin, const Fact& fact, const Enrolment& enrolled) {
  const Day to = enrolled.to == 0 ? std::numeric_limits<Day>::max() : enrolled.to;
  facts.pupils.cache().PutEnrolled(origin.institution_id, fact.pupil_number, DayOf(fact), enrolled.from, to);
}

core::Status Write(const FactOffice& facts, const FactOrigin& origin, const Pending& pending,
                   const EnrolmentsOf& enrolments) {
  FactInHand& item = *pending.item;
  KnownPupil pupil{pending.pupil.person_id, pending.pupil.statistics_id, Stage::kUnspecified, 0};
  if (IsSupport(item.fact) && pupil.statistics_id.empty()) {
    item.fate = FactInHand::Fate::kClosed;
    return {};
  }
  const Day day = DayOf(item.fact);
  bool enrolled = pending.pupil.EnrolledOn(day);
  const auto found = enrolments.find(pupil.person_id);
  if (const Enrolment* here = found == enrolments.end() ? nullptr : EnrolledOn(found->second, day)) {
    pupil.stage = here->stage;
    pupil.grade = here->grade;
    enrolled = true;
    RememberEnrolled(facts, origin, item.fact, *here);
  }
  if (!enrolled && !item.fact.withdrawn) {
    item.warnings.push_back({DayPath(item.fact, item.path), fact_warning::kNotEnrolledHere});
  }
  if (item.record_id.empty()) {
    item.record_id = facts.keys.RecordId(item.fact, origin.institution_id, pupil.statistics_id);
  }
  TILTS_ASSIGN(item.draft, DraftOf(item.fact, item.record_id, pupil, origin));
  item.fate = FactInHand::Fate::kReady;
  return {};
}

core::Status PlaceOthers(const FactOffice& facts, const Placing& placing, const std::vector<FactInHand*>& items) {
  if (items.empty()) return {};
  const FactOrigin& origin = placing.origin;
  std::vector<PupilQuestion> questions;
  for (const FactInHand* item : items) questions.push_back({item->fact.pupil_number, DayOf(item->fact)});
  std::vector<PupilAnswer> answers =
      facts.pupils.Find(origin.institution_id, questions, placing.calls(), placing.most_lookups);
  std::vector<Pending> pending;
  for (std::size_t i = 0; i < items.size(); ++i) {
    switch (answers[i].kind) {
      case PupilAnswer::Kind::kKnown: pending.push_back({items[i], std::move(answers[i].pupil)}); break;
      case PupilAnswer::Kind::kUnknown: items[i]->fate = FactInHand::Fate::kUnknown; break;
      case PupilAnswer::Kind::kUnasked: items[i]->fate = FactInHand::Fate::kUnasked; break;
    }
  }
  TILTS_ASSIGN(const EnrolmentsOf enrolments, ReadEnrolments(facts, origin, PersonsToRead(pending)));
  for (const Pending& one : pending) TILTS_CHECK(Write(facts, origin, one, enrolments));
  return {};
}

}  // namespace

core::Status PlaceFacts(const FactOffice& facts, const Placing& placing, const std::vector<FactInHand*>& in_hand) {
  std::vector<FactInHand*> enrolments;
  std::vector<FactInHand*> others;
  for (FactInHand* item : in_hand) {
    const bool enrolment = std::holds_alternative<EnrolmentFact>(item->fact.body);
    (enrolment ? enrolments : others).push_back(item);
  }
  // First: whoever is enrolled in this batch is known to the rest of it.
  TILTS_CHECK(PlaceEnrolments(facts, placing, enrolments));
  return PlaceOthers(facts, placing, others);
}

}  // namespace tilts::case_intake
