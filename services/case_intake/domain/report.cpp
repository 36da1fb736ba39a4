#include "case_intake/domain/report.hpp"

#include <algorithm>

#include "case_intake/domain/coordinator.hpp"

namespace tilts::case_intake {
namespace {

// Clocks of sending systems are a little off.
constexpr std::chrono::minutes kClockTolerance{5};
constexpr std::uint32_t kOldestAge = 120;

std::string FieldOf(std::size_t person, std::string_view name) {
  return "people[" + std::to_string(person) + "]" + std::string(name);
}

bool HasRole(const Report& report, Role role) {
  return std::any_of(report.people.begin(), report.people.end(),
                     [&](const Person& person) { return person.role == role; });
}

// A named offender or victim means violence; only a lone SUBJECT is about schooling. In doubt the stream with the
// shorter deadlines.
Stream StreamFromConcerns(const Report& report) {
  for (const Stream stream : {Stream::kViolence, Stream::kRights, Stream::kPmp}) {
    const bool present = std::any_of(report.concerns.begin(), report.concerns.end(),
                                     [&](Concern concern) { return StreamOf(concern) == stream; });
    if (present) return stream;
  }
  const bool about_schooling = HasRole(report, Role::kSubject) && !HasRole(report, Role::kVictim) &&
                               !HasRole(report, Role::kAllegedOffender) && report.aggravating.empty();
  return about_schooling ? Stream::kPmp : Stream::kViolence;
}

std::uint32_t AgeOn(calendar::LocalDate birth, calendar::LocalDate today) {
  if (birth > today) return 0;
  const std::chrono::year_month_day from{birth};
  const std::chrono::year_month_day to{today};
  int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
  if (std::pair(to.month(), to.day()) < std::pair(from.month(), from.day())) --years;
  return static_cast<std::uint32_t>(std::max(years, 0));
}

class Assessor {
 public:
  Assessor(const Rules& rules, const Report& report, core::CityTime now) : rules_(rules), report_(report), now_(now) {}

  Assessment Run() && {
    result_.warnings = report_.reading_warnings;
    AssessConcern();
    AssessPeople();
    AssessPlaceAndTime();
    ApplyLevels(rules_.levels, result_.facts);
    result_.facts.coordinator_id = ChooseCoordinator(rules_, result_.facts, now_);
    if (report_.people_held) Warn("people", warning::kVaultUnavailable);
    return std::move(result_);
  }

 private:
  void Warn(std::string field, const char* code) { result_.warnings.push_back({std::move(field), code}); }

  void AssessConcern() {
    CaseFacts& facts = result_.facts;
    facts.stream = report_.stream;
    if (facts.stream == Stream::kUnspecified) {
      facts.stream = StreamFromConcerns(report_);
      Warn("stream", warning::kStreamAssumed);
    }
    facts.concerns = report_.concerns;
    facts.aggravating = report_.aggravating;
    facts.relation = report_.relation;
    facts.level = report_.level;
    if (report_.level > kHighestLevel) {
      facts.level = 0;
      Warn("level", warning::kLevelOutOfRange);
    }
    if (facts.concerns.empty()) Warn("concerns", warning::kConcernMissing);
    const bool foreign = std::any_of(facts.concerns.begin(), facts.concerns.end(), [&](Concern concern) {
      return StreamOf(concern) != Stream::kUnspecified && StreamOf(concern) != facts.stream;
    });
    if (foreign) Warn("concerns", warning::kConcernOfOtherStream);
    if (facts.stream != Stream::kPmp && facts.relation == Relation::kUnspecified) {
      Warn("relation", warning::kRelationUnknown);
    }
  }

  void AssessPeople() {
    for (std::size_t i = 0; i < report_.people.size(); ++i) {
      const Person& person = report_.people[i];
      if (person.role == Role::kUnspecified) Warn(FieldOf(i, ".role"), warning::kRoleMissing);
      if (!person.identified && !report_.people_held) Warn(FieldOf(i, ""), warning::kPersonUnidentified);
      if (person.conflicting) Warn(FieldOf(i, ".identifiers"), warning::kIdentifiersConflict);
      if (person.role == Role::kAllegedOffender && person.school_staff) AssessStaff(i, person);
    }
    const std::optional<std::size_t> child = ChildOf(report_, result_.facts.stream);
    if (!child) return Warn("people", warning::kNoChildNamed);
    AssessChild(*child, report_.people[*child]);
    const auto children = std::count_if(report_.people.begin(), report_.people.end(), [&](const Person& person) {
      return person.role == report_.people[*child].role;
    });
    if (children > 1) Warn("people", warning::kSeveralChildren);
  }

  void AssessStaff(std::size_t index, const Person& person) {
    result_.facts.staff_alleged = true;
    result_.facts.staff_institution_id = KnownInstitution(person.school_id, FieldOf(index, ".school_id"), false);
  }

  void AssessChild(std::size_t index, const Person& child) {
    CaseFacts& facts = result_.facts;
    result_.child = child.person;
    facts.subject_known = child.identified && !child.person.empty();
    facts.in_out_of_family_care = child.in_out_of_family_care;
    facts.age_years = AgeOf(child, now_);
    if (facts.age_years == 0) Warn(FieldOf(index, ".birth_date"), warning::kAgeUnknown);
    facts.school_id = KnownInstitution(child.school_id, FieldOf(index, ".school_id"), true);
    if (IsMunicipalityCode(child.residence_municipality)) {
      facts.residence_municipality = child.residence_municipality;
    } else {
      Warn(FieldOf(index, ".residence_municipality"), warning::kResidenceUnknown);
    }
  }

  void AssessPlaceAndTime() {
    CaseFacts& facts = result_.facts;
    facts.place = report_.place;
    if (IsMunicipalityCode(report_.place_municipality)) facts.place_municipality = report_.place_municipality;
    const std::string where = KnownInstitution(report_.place_institution_id, "place_institution_id", false);
    if (facts.place_municipality.empty() && !where.empty()) {
      facts.place_municipality = rules_.institutions.Find(where)->municipality;
    }
    if (facts.stream != Stream::kPmp && facts.place == Place::kUnspecified) Warn("place", warning::kPlaceUnknown);
    facts.occurred_at = report_.occurred_at;
    if (!report_.occurred_at) {
      Warn("occurred_at", warning::kTimeUnknown);
    } else if (*report_.occurred_at > now_ + kClockTolerance) {
      facts.occurred_at.reset();
      Warn("occurred_at", warning::kTimeInFuture);
    }
  }

  // The id if it is on the list; `needed`: its absence is worth a warning.
  std::string KnownInstitution(const std::string& id, std::string field, bool needed) {
    if (!id.empty() && rules_.institutions.empty()) {
      Warn(std::move(field), warning::kSchoolUnchecked);
      return {};
    }
    if (!id.empty() && rules_.institutions.Find(id) != nullptr) return id;
    if (needed || !id.empty()) Warn(std::move(field), warning::kSchoolUnknown);
    return {};
  }

  const Rules& rules_;
  const Report& report_;
  const core::CityTime now_;
  Assessment result_;
};

}  // namespace

Assessment Assess(const Rules& rules, const Report& report, core::CityTime now) {
  return Assessor(rules, report, now).Run();
}

std::uint32_t AgeOf(const Person& person, core::CityTime now) {
  const std::uint32_t age = person.birth_date ? AgeOn(*person.birth_date, calendar::RigaDate(now)) : person.age_years;
  return age > kOldestAge ? 0 : age;
}

std::optional<std::size_t> ChildOf(const Report& report, Stream stream) {
  const Role first = stream == Stream::kPmp ? Role::kSubject : Role::kVictim;
  const Role second = stream == Stream::kPmp ? Role::kVictim : Role::kSubject;
  for (const Role role : {first, second}) {
    for (std::size_t i = 0; i < report.people.size(); ++i) {
      if (report.people[i].role == role) return i;
    }
  }
  return std::nullopt;
}

bool IsMunicipalityCode(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < 4 || text.size() > 6 || text[2] != '-' || !upper(text[0]) || !upper(text[1])) return false;
  return std::all_of(text.begin() + 3, text.end(), [&](char c) { return upper(c) || digit(c); });
}

}  // namespace tilts::case_intake
