#include "city_simulator/city/report_plan.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "city_simulator/city/dice.hpp"
#include "city_simulator/time/working_days.hpp"

namespace tilts::city_simulator {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;

constexpr std::array<const char*, 3> kNeighbours = {"LV-JUR", "LV-062", "LV-087"};
constexpr const char* kRiga = "LV-RIX";

struct Child {
  std::uint64_t number = 0;
  std::string name;
  std::string school;
  std::string residence;
  unsigned age = 0;
  bool in_care = false;
};

google::protobuf::Timestamp Stamp(Instant at) {
  google::protobuf::Timestamp stamp;
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  stamp.set_seconds(whole.time_since_epoch().count());
  stamp.set_nanos(static_cast<std::int32_t>((at - whole).count() * 1000));
  return stamp;
}

std::string TellerOf(Teller teller, const std::string& school) {
  switch (teller) {
    case Teller::kSchool: break;
    case Teller::kStatePolice: return "state-police";
    case Teller::kMunicipalPolice: return "riga-rpp";
    case Teller::kSocialService: return "riga-rsd";
    case Teller::kNgo: return "riga-ngo-1";
    case Teller::kCrisisCentre: return "riga-crisis-centre-1";
    case Teller::kEducationDepartment: return "riga-iksd";
  }
  return school;
}

class Planner {
 public:
  Planner(const CityOptions& options, const Canary& canary)
      : options_(options), canary_(canary), days_(SchoolDays(options.first_day, options.report_days())) {}

  std::vector<PlannedReport> Run() && {
    const auto situations = Situations();
    unsigned shares = 0;
    for (const Situation& situation : situations) shares += situation.share;
    for (unsigned number = 0; number < options_.reports; ++number) {
      Dice dice(options_.seed, "situation", number);
      std::size_t choice = number;
      if (number >= situations.size()) {
        auto left = dice.Below(shares);
        for (choice = 0; left >= situations[choice].share; ++choice) left -= situations[choice].share;
      }
      reports_.push_back(Make(number, situations[choice]));
    }
    std::sort(reports_.begin(), reports_.end(), [](const auto& left, const auto& right) { return left.at < right.at; });
    return std::move(reports_);
  }

 private:
  // A moment of its own: no two things of the city happen in the same microsecond, and none on a full second, where
  // deadlines lie.
  Instant MomentOf(unsigned number, const Situation& situation, Dice& dice) const {
    Day day = days_[dice.Below(days_.size())];
    minutes from{0}, span{0};
    switch (situation.when) {
      case When::kSchoolHours: from = hours{8} + minutes{35}, span = hours{6}; break;
      case When::kAfterHours: from = hours{17} + minutes{30}, span = hours{4}; break;
      case When::kNight: from = hours{22} + minutes{40}, span = minutes{70}; break;
      case When::kFridayEvening: from = hours{18} + minutes{10}, span = hours{2}; break;
      case When::kWeekend: from = hours{13}, span = hours{8}; break;
    }
    const auto wanted = situation.when == When::kFridayEvening ? std::chrono::Friday : std::chrono::Saturday;
    if (situation.when == When::kFridayEvening || situation.when == When::kWeekend) {
      while (std::chrono::weekday{day} != wanted) day += days{1};
    }
    const auto within =
        minutes{dice.Below(static_cast<std::uint64_t>(span.count()))} + std::chrono::seconds{dice.Below(60)};
    return FromRiga(day, from + within + microseconds{1000 + number});
  }

  Child& ChildFor(unsigned number, const Situation& situation, Dice& dice) {
    // Every sixth report is about a child somebody reported before in the same matter.
    const std::string matter = std::string(codes::v1::Stream_Name(situation.stream)) +
                               (situation.in_care ? "/care" : "") + (situation.elsewhere_declared ? "/elsewhere" : "") +
                               (situation.without_school ? "/none" : "");
    auto& known = children_[matter];
    if (!known.empty() && !situation.nobody_known && number >= Situations().size() && dice.Chance(17)) {
      return known[dice.Below(known.size())];
    }
    Child child;
    child.number = number + 1;
    child.name = "child-" + std::to_string(number);
    if (!situation.without_school) child.school = SchoolId(1 + static_cast<unsigned>(dice.Below(options_.schools)));
    child.residence = situation.elsewhere_declared ? kNeighbours[dice.Below(kNeighbours.size())] : kRiga;
    child.age = situation.age_from + static_cast<unsigned>(dice.Below(situation.age_to - situation.age_from + 1));
    child.in_care = situation.in_care;
    // A child of the guaranteed first round is reported once only: another report's facts could hide its rule.
    if (situation.nobody_known || number < Situations().size()) {
      strangers_.push_back(child);
      return strangers_.back();
    }
    known.push_back(child);
    return known.back();
  }

  void AddChild(intake::v1::ReportConcernRequest& request, const Child& child, const Situation& situation,
                Dice& dice) const {
    auto& person = *request.add_people();
    person.set_role(situation.stream == codes::v1::STREAM_PMP ? codes::v1::PERSON_ROLE_SUBJECT
                                                              : codes::v1::PERSON_ROLE_VICTIM);
    if (situation.nobody_known) return;
    auto& code = *person.add_identifiers();
    code.set_system(codes::v1::IDENTIFIER_SYSTEM_NATIONAL_CODE);
    code.set_value(canary_.PersonCode(child.number));
    if (!child.school.empty() && dice.Chance(50)) {
      auto& pupil = *person.add_identifiers();
      pupil.set_system(codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER);
      pupil.set_value(options_.run_name + "-" + std::to_string(child.number));
      pupil.set_institution_id(child.school);
    }
    person.set_given_name(canary_.GivenName(child.number));
    person.set_family_name(canary_.FamilyName(child.number));
    person.set_age_years(child.age);
    person.set_school_id(child.school);
    person.set_residence_municipality(child.residence);
    person.set_in_out_of_family_care(child.in_care);
  }

  void AddOthers(intake::v1::ReportConcernRequest& request, const Child& child, const Situation& situation) const {
    const auto add = [&](codes::v1::PersonRole role, std::uint64_t number) -> intake::v1::ReportedPerson& {
      auto& person = *request.add_people();
      person.set_role(role);
      person.set_given_name(canary_.GivenName(number));
      person.set_family_name(canary_.FamilyName(number));
      person.set_contact(canary_.Contact(number));
      return person;
    };
    if (situation.nobody_known) return;
    const std::uint64_t base = 1000 + child.number * 10;
    if (situation.relation == codes::v1::RELATION_FAMILY || situation.stream == codes::v1::STREAM_PMP) {
      add(codes::v1::PERSON_ROLE_PARENT, base);
    }
    if (situation.staff_offender) {
      auto& teacher = add(codes::v1::PERSON_ROLE_ALLEGED_OFFENDER, base + 1);
      teacher.set_school_staff(true);
      teacher.set_school_id(child.school);
    } else if (situation.stream == codes::v1::STREAM_VIOLENCE) {
      add(codes::v1::PERSON_ROLE_ALLEGED_OFFENDER, base + 2);
    }
    add(codes::v1::PERSON_ROLE_REPORTER, base + 3);
  }

  PlannedReport Make(unsigned number, const Situation& situation) {
    Dice dice(options_.seed, "report", number);
    PlannedReport report;
    report.number = number;
    report.situation = situation.name;
    report.at = MomentOf(number, situation, dice);
    const Child& child = ChildFor(number, situation, dice);
    report.child = child.name;
    report.reporter = TellerOf(situation.teller, child.school.empty() ? SchoolId(1) : child.school);
    report.door = dice.Chance(25) ? Api::Door::kRpc : Api::Door::kHttp;
    report.sent_twice = number % 9 == 4;
    auto& request = report.request;
    request.set_request_id(options_.run_name + "-report-" + std::to_string(number));
    request.set_source_event_id(options_.run_name + "-event-" + std::to_string(number));
    request.set_stream(situation.stream);
    for (const auto concern : situation.concerns) request.add_concerns(concern);
    request.set_relation(situation.relation);
    request.set_place(situation.place);
    for (const auto fact : situation.aggravating) request.add_aggravating(fact);
    if (situation.place == codes::v1::PLACE_CLASS || situation.place == codes::v1::PLACE_SCHOOL) {
      request.set_place_institution_id(child.school);
    }
    *request.mutable_occurred_at() = Stamp(report.at - minutes{10 + dice.Below(50)});
    AddChild(request, child, situation, dice);
    AddOthers(request, child, situation);
    request.set_description(canary_.Text("Seen and heard:", number));
    return report;
  }

  const CityOptions& options_;
  const Canary& canary_;
  const std::vector<Day> days_;
  std::map<std::string, std::vector<Child>> children_;
  std::vector<Child> strangers_;
  std::vector<PlannedReport> reports_;
};

bool IsBreak(Day day) {
  // Semesters and breaks of 2025/26 and 2026/27.
  static const std::array<std::array<const char*, 2>, 8> kBreaks = {{{"2025-10-20", "2025-10-26"},
                                                                     {"2025-12-20", "2026-01-04"},
                                                                     {"2026-03-16", "2026-03-22"},
                                                                     {"2026-05-30", "2026-08-31"},
                                                                     {"2026-10-19", "2026-10-25"},
                                                                     {"2026-12-19", "2027-01-03"},
                                                                     {"2027-03-15", "2027-03-21"},
                                                                     {"2027-06-01", "2027-08-31"}}};
  return std::any_of(kBreaks.begin(), kBreaks.end(),
                     [&](const auto& each) { return day >= *ReadDay(each[0]) && day <= *ReadDay(each[1]); });
}

}  // namespace

std::vector<PlannedReport> PlanReports(const CityOptions& options, const Canary& canary) {
  return Planner(options, canary).Run();
}

std::vector<Day> SchoolDays(Day first, unsigned count) {
  std::vector<Day> found;
  for (Day day = first; found.size() < count; day += days{1}) {
    if (IsWorkingDay(Follows::kMunicipal, day) && !IsBreak(day)) found.push_back(day);
  }
  return found;
}

std::string SchoolId(unsigned number) {
  std::array<char, 24> id{};
  std::snprintf(id.data(), id.size(), "riga-school-%03u", number);
  return id.data();
}

}  // namespace tilts::city_simulator
