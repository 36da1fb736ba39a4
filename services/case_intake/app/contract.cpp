#include "case_intake/app/contract.hpp"

#include "case_intake/domain/level_rules.hpp"
#include "wire/codes.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

using wire::Code;
using wire::CodesOf;

std::optional<core::CityTime> TimeOf(bool present, const google::protobuf::Timestamp& timestamp) {
  if (!present) return std::nullopt;
  const core::Result<core::CityTime> time = wire::FromTimestamp(timestamp);
  return time ? std::optional(*time) : std::nullopt;
}

// The date of birth stays in the vault; the age on this day is a code.
intake::v1::StoredPerson ToStored(const Person& person, core::CityTime now) {
  intake::v1::StoredPerson stored;
  stored.set_role(Code<codes::v1::PersonRole>(person.role));
  stored.set_person_id(person.person.value());
  stored.set_identified(person.identified);
  stored.set_age_years(AgeOf(person, now));
  stored.set_school_id(person.school_id);
  stored.set_residence_municipality(person.residence_municipality);
  stored.set_in_out_of_family_care(person.in_out_of_family_care);
  stored.set_school_staff(person.school_staff);
  stored.set_conflicting(person.conflicting);
  return stored;
}

Person FromStored(const intake::v1::StoredPerson& stored) {
  Person person;
  person.role = Code<Role>(stored.role());
  person.person = core::PersonId(stored.person_id());
  person.identified = stored.identified();
  person.age_years = stored.age_years();
  person.school_id = stored.school_id();
  person.residence_municipality = stored.residence_municipality();
  person.in_out_of_family_care = stored.in_out_of_family_care();
  person.school_staff = stored.school_staff();
  person.conflicting = stored.conflicting();
  return person;
}

}  // namespace

cases::v1::CaseFacts ToProto(const CaseFacts& facts) {
  cases::v1::CaseFacts proto;
  proto.set_stream(Code<codes::v1::Stream>(facts.stream));
  for (const Concern concern : facts.concerns) proto.add_concerns(Code<codes::v1::ConcernCode>(concern));
  proto.set_relation(Code<codes::v1::Relation>(facts.relation));
  proto.set_place(Code<codes::v1::Place>(facts.place));
  for (const Aggravating fact : facts.aggravating) proto.add_aggravating(Code<codes::v1::AggravatingFact>(fact));
  proto.set_level(facts.level);
  proto.set_urgency(Code<codes::v1::Urgency>(facts.urgency));
  proto.set_age_years(facts.age_years);
  proto.set_school_id(facts.school_id);
  proto.set_residence_municipality(facts.residence_municipality);
  proto.set_place_municipality(facts.place_municipality);
  proto.set_in_out_of_family_care(facts.in_out_of_family_care);
  proto.set_staff_alleged(facts.staff_alleged);
  proto.set_staff_institution_id(facts.staff_institution_id);
  proto.set_coordinator_id(facts.coordinator_id);
  if (facts.occurred_at) *proto.mutable_occurred_at() = wire::ToTimestamp(*facts.occurred_at);
  proto.set_subject_known(facts.subject_known);
  return proto;
}

CaseFacts FromProto(const cases::v1::CaseFacts& proto) {
  CaseFacts facts;
  facts.stream = Code<Stream>(proto.stream());
  facts.concerns = CodesOf<Concern>(proto.concerns());
  facts.relation = Code<Relation>(proto.relation());
  facts.place = Code<Place>(proto.place());
  facts.aggravating = CodesOf<Aggravating>(proto.aggravating());
  facts.level = proto.level();
  facts.urgency = Code<Urgency>(proto.urgency());
  facts.age_years = proto.age_years();
  facts.school_id = proto.school_id();
  facts.residence_municipality = proto.residence_municipality();
  facts.place_municipality = proto.place_municipality();
  facts.in_out_of_family_care = proto.in_out_of_family_care();
  facts.staff_alleged = proto.staff_alleged();
  facts.staff_institution_id = proto.staff_institution_id();
  facts.coordinator_id = proto.coordinator_id();
  facts.occurred_at = TimeOf(proto.has_occurred_at(), proto.occurred_at());
  facts.subject_known = proto.subject_known();
  return facts;
}

void SetWarnings(const std::vector<Warning>& warnings,
                 google::protobuf::RepeatedPtrField<intake::v1::Warning>* target) {
  target->Clear();
  for (const Warning& warning : warnings) {
    intake::v1::Warning& added = *target->Add();
    added.set_field(warning.field);
    added.set_code(warning.code);
    added.set_message(std::string(Advice(warning.code)));
  }
}

intake::v1::StoredReport ToStored(const Report& report, const Assessment& assessment, core::CityTime now) {
  intake::v1::StoredReport stored;
  stored.set_stream(Code<codes::v1::Stream>(report.stream));
  for (const Concern concern : report.concerns) stored.add_concerns(Code<codes::v1::ConcernCode>(concern));
  stored.set_relation(Code<codes::v1::Relation>(report.relation));
  stored.set_place(Code<codes::v1::Place>(report.place));
  for (const Aggravating fact : report.aggravating) stored.add_aggravating(Code<codes::v1::AggravatingFact>(fact));
  stored.set_level(report.level);
  for (const Person& person : report.people) *stored.add_people() = ToStored(person, now);
  if (report.occurred_at) *stored.mutable_occurred_at() = wire::ToTimestamp(*report.occurred_at);
  stored.set_place_institution_id(report.place_institution_id);
  stored.set_place_municipality(report.place_municipality);
  stored.set_people_held(report.people_held);
  SetWarnings(report.reading_warnings, stored.mutable_reading_warnings());
  SetWarnings(assessment.warnings, stored.mutable_warnings());
  stored.set_imminent(assessment.facts.urgency == Urgency::kImminent);
  return stored;
}

Report FromStored(const core::ReportId& id, const core::InstitutionId& reporter,
                  const intake::v1::StoredReport& stored) {
  Report report;
  report.id = id;
  report.reporter = reporter;
  report.stream = Code<Stream>(stored.stream());
  report.concerns = CodesOf<Concern>(stored.concerns());
  report.relation = Code<Relation>(stored.relation());
  report.place = Code<Place>(stored.place());
  report.aggravating = CodesOf<Aggravating>(stored.aggravating());
  report.level = stored.level();
  for (const intake::v1::StoredPerson& person : stored.people()) report.people.push_back(FromStored(person));
  report.occurred_at = TimeOf(stored.has_occurred_at(), stored.occurred_at());
  report.place_institution_id = stored.place_institution_id();
  report.place_municipality = stored.place_municipality();
  report.people_held = stored.people_held();
  for (const intake::v1::Warning& warning : stored.reading_warnings()) {
    report.reading_warnings.push_back({warning.field(), warning.code()});
  }
  return report;
}

Institution FromProto(const registry::v1::Institution& proto) {
  Institution institution;
  institution.id = proto.institution_id();
  institution.kind = Code<InstitutionKind>(proto.kind());
  institution.municipality = proto.municipality();
  institution.territory.assign(proto.territory().begin(), proto.territory().end());
  institution.valid_from = TimeOf(proto.has_valid_from(), proto.valid_from());
  institution.valid_to = TimeOf(proto.has_valid_to(), proto.valid_to());
  institution.successor_id = proto.successor_id();
  institution.preference = proto.preference();
  return institution;
}

core::Result<LevelRules> FromProto(const intake::v1::LevelRuleFile& file) {
  LevelRules rules;
  rules.version = file.version();
  for (const intake::v1::LevelRule& proto : file.rules()) {
    LevelRule rule;
    rule.id = proto.id();
    rule.streams = CodesOf<Stream>(proto.streams());
    rule.concerns = CodesOf<Concern>(proto.concerns());
    rule.aggravating = CodesOf<Aggravating>(proto.aggravating());
    rule.relations = CodesOf<Relation>(proto.relations());
    rule.places = CodesOf<Place>(proto.places());
    rule.level = proto.level();
    rule.urgency = Code<Urgency>(proto.urgency());
    rules.rules.push_back(std::move(rule));
  }
  TILTS_CHECK(Validate(rules));
  if (file.emergency_instruction_lv().empty() || file.emergency_instruction_en().empty()) {
    return core::Fail(core::Errc::kInvalid, "The level rules lack the emergency instruction in Latvian and English",
                      "LEVEL_RULES");
  }
  return rules;
}

intake::v1::Case Outline(const Case& current) {
  intake::v1::Case view;
  view.set_case_id(current.id.value());
  view.set_state(Code<codes::v1::CaseState>(current.state));
  *view.mutable_facts() = ToProto(current.facts);
  *view.mutable_opened_at() = wire::ToTimestamp(current.opened_at);
  if (current.closed_at) *view.mutable_closed_at() = wire::ToTimestamp(*current.closed_at);
  view.set_outcome(Code<codes::v1::CaseOutcome>(current.outcome));
  view.set_open_referrals(current.open_referrals);
  view.set_etag(Etag(current));
  for (const std::string& move : AvailableMoves(current)) view.add_available_moves(move);
  return view;
}

codes::v1::Purpose PurposeOf(Stream stream) {
  return stream == Stream::kPmp ? codes::v1::PURPOSE_PMP : codes::v1::PURPOSE_PROTECTION;
}

}  // namespace tilts::case_intake
