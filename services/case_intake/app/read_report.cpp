#include "case_intake/app/read_report.hpp"

#include <algorithm>
#include <utility>

#include "case_intake/app/read_people.hpp"
#include "case_intake/app/report_limits.hpp"
#include "wire/codes.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

// Keeps the codes of this version; the others are warned about, once a field.
template <typename To>
std::set<To> KnownCodes(const google::protobuf::RepeatedField<int>& sent, bool (*is_valid)(int), const char* field,
                        std::vector<Warning>& warnings) {
  std::set<To> codes;
  bool unknown = false;
  for (const int number : sent) {
    if (number == 0 || !is_valid(number)) {
      unknown = true;
    } else {
      codes.insert(static_cast<To>(number));
    }
  }
  if (unknown) warnings.push_back({field, warning::kCodeUnknown});
  return codes;
}

template <typename To>
To KnownCode(int sent, bool (*is_valid)(int), const char* field, std::vector<Warning>& warnings) {
  if (is_valid(sent)) return static_cast<To>(sent);
  warnings.push_back({field, warning::kCodeUnknown});
  return To::kUnspecified;
}

// At most kLongestText characters, cut between characters.
std::string Cut(const std::string& text, std::vector<Warning>& warnings) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (starts_character && ++characters > kLongestText) {
      warnings.push_back({"description", warning::kTextTruncated});
      return text.substr(0, i);
    }
  }
  return text;
}

template <typename People>
void ReadPeople(const People& sent, std::size_t first_index, ReadReport& read) {
  for (int i = 0; i < sent.size(); ++i) {
    const std::string field = "people[" + std::to_string(first_index + static_cast<std::size_t>(i)) + "]";
    intake::v1::ReportedPerson cleaned;
    read.report.people.push_back(
        ReadPerson(sent.Get(i), field, read.report.reporter, cleaned, read.report.reading_warnings));
    read.people.push_back(std::move(cleaned));
  }
}

bool Names(const intake::v1::CompleteReportRequest& request, Role role) {
  return std::any_of(request.people().begin(), request.people().end(), [&](const intake::v1::ReportedPerson& person) {
    return static_cast<int>(person.role()) == static_cast<int>(role);
  });
}

}  // namespace

ReadReport Read(const intake::v1::ReportConcernRequest& request, const core::ReportId& id,
                const core::InstitutionId& reporter) {
  ReadReport read;
  Report& report = read.report;
  std::vector<Warning>& warnings = report.reading_warnings;
  report.id = id;
  report.reporter = reporter;
  report.stream = KnownCode<Stream>(request.stream(), codes::v1::Stream_IsValid, "stream", warnings);
  report.concerns = KnownCodes<Concern>(request.concerns(), codes::v1::ConcernCode_IsValid, "concerns", warnings);
  report.relation = KnownCode<Relation>(request.relation(), codes::v1::Relation_IsValid, "relation", warnings);
  report.place = KnownCode<Place>(request.place(), codes::v1::Place_IsValid, "place", warnings);
  report.aggravating =
      KnownCodes<Aggravating>(request.aggravating(), codes::v1::AggravatingFact_IsValid, "aggravating", warnings);
  report.level = request.level();
  if (request.has_occurred_at()) {
    const core::Result<core::CityTime> time = wire::FromTimestamp(request.occurred_at());
    if (time) report.occurred_at = *time;
  }
  if (IsInstitutionCode(request.place_institution_id())) report.place_institution_id = request.place_institution_id();
  if (IsMunicipalityCode(request.place_municipality())) report.place_municipality = request.place_municipality();
  ReadPeople(request.people(), 0, read);
  read.text = Cut(request.description(), warnings);
  return read;
}

ReadReport ReadCompletion(const intake::v1::CompleteReportRequest& request, Report report,
                          std::vector<intake::v1::ReportedPerson> held) {
  ReadReport read;
  read.report = std::move(report);
  Report& known = read.report;
  for (intake::v1::ReportedPerson& person : held) {
    if (!Names(request, wire::Code<Role>(person.role()))) read.people.push_back(std::move(person));
  }
  // What was noticed about people is noticed anew for those who are left; their places may have moved.
  std::erase_if(known.reading_warnings, [](const Warning& warning) { return warning.field.starts_with("people["); });
  std::erase_if(known.people, [&](const Person& person) { return !person.identified && Names(request, person.role); });
  std::vector<Warning>& warnings = known.reading_warnings;
  known.aggravating.merge(
      KnownCodes<Aggravating>(request.aggravating(), codes::v1::AggravatingFact_IsValid, "aggravating", warnings));
  const Relation relation = KnownCode<Relation>(request.relation(), codes::v1::Relation_IsValid, "relation", warnings);
  if (relation != Relation::kUnspecified) known.relation = relation;
  const Place place = KnownCode<Place>(request.place(), codes::v1::Place_IsValid, "place", warnings);
  if (place != Place::kUnspecified) known.place = place;
  if (IsMunicipalityCode(request.place_municipality())) known.place_municipality = request.place_municipality();
  ReadPeople(request.people(), known.people.size(), read);
  read.text = Cut(request.description(), warnings);
  return read;
}

void Absorb(const google::protobuf::RepeatedPtrField<registry::v1::ResolvedPerson>& resolved, Report& report) {
  const std::size_t count = static_cast<std::size_t>(resolved.size());
  const std::size_t first = report.people.size() - std::min(count, report.people.size());
  for (std::size_t i = first; i < report.people.size(); ++i) {
    Person& person = report.people[i];
    const registry::v1::ResolvedPerson& known = resolved.Get(static_cast<int>(i - first));
    person.person = core::PersonId(known.person_id());
    person.identified = known.identified();
    person.conflicting = known.conflicting();
    if (person.school_id.empty() && IsInstitutionCode(known.school_id())) person.school_id = known.school_id();
    if (person.residence_municipality.empty() && IsMunicipalityCode(known.residence_municipality())) {
      person.residence_municipality = known.residence_municipality();
    }
    if (person.age_years == 0 && !person.birth_date) person.age_years = known.age_years();
  }
}

}  // namespace tilts::case_intake
