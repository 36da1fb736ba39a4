#include "naive_score.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "core/concat.hpp"

namespace tilts::risk_scoring::testing {
namespace {

std::string KeyOf(const Fact& fact) {
  const std::string at = core::Concat(KindOf(fact), "/", fact.institution_id, "/");
  if (const auto* said = std::get_if<Enrolment>(&fact.content)) return core::Concat(at, said->from_day);
  if (const auto* said = std::get_if<Attendance>(&fact.content)) return core::Concat(at, said->day);
  if (const auto* said = std::get_if<SubjectResult>(&fact.content)) {
    return core::Concat(at, SchoolYearOf(said->day), "/", int{said->period}, "/", said->subject_code);
  }
  if (const auto* said = std::get_if<Repetition>(&fact.content)) return core::Concat(at, SchoolYearOf(said->day));
  return core::Concat(at, std::string(fact.record_id.begin(), fact.record_id.end()));
}

// What the fact adds, as a list of numbers that is compared from the left.
std::vector<int> TupleOf(const Fact& fact) {
  if (fact.withdrawn) return {1};
  if (const auto* said = std::get_if<Enrolment>(&fact.content)) {
    return {0, said->to_day, said->end_reason, said->stage, said->grade};
  }
  if (const auto* said = std::get_if<Attendance>(&fact.content)) {
    return {0, said->offered, said->late, said->unknown, said->excused, said->unexcused};
  }
  if (const auto* said = std::get_if<SubjectResult>(&fact.content)) return {0, said->day, said->mark};
  if (const auto* said = std::get_if<Repetition>(&fact.content)) return {0, said->day, said->grade};
  const auto& said = std::get<Behaviour>(fact.content);
  return {0, said.day, static_cast<int>(said.kind)};
}

}  // namespace

void NaivePupil::Take(const Fact& fact) {
  const auto [known, fresh] = newest_.emplace(KeyOf(fact), fact);
  if (fresh || fact.revision < known->second.revision) return;
  if (fact.revision > known->second.revision || TupleOf(fact) < TupleOf(known->second)) known->second = fact;
}

template <typename Kind>
std::vector<std::pair<std::string, Kind>> NaivePupil::Counting() const {
  std::vector<std::pair<std::string, Kind>> found;
  for (const auto& [key, fact] : newest_) {
    const auto* said = std::get_if<Kind>(&fact.content);
    if (said != nullptr && !fact.withdrawn) found.emplace_back(fact.institution_id, *said);
  }
  return found;
}

std::vector<std::pair<std::string, Attendance>> NaivePupil::AttendanceUpTo(Day day) const {
  auto records = Counting<Attendance>();
  std::erase_if(records, [&](const auto& record) { return record.second.day > day; });
  return records;
}

std::optional<std::pair<std::string, Enrolment>> NaivePupil::EnrolmentAt(Day day) const {
  std::optional<std::pair<std::string, Enrolment>> current;
  for (const auto& [institution, said] : Counting<Enrolment>()) {
    if (said.from_day > day || (said.to_day != 0 && day > said.to_day)) continue;
    if (!current || said.from_day > current->second.from_day ||
        (said.from_day == current->second.from_day && institution < current->first)) {
      current.emplace(institution, said);
    }
  }
  return current;
}

std::vector<ClosedDay> NaivePupil::ClosedBetween(Day from, Day to) const {
  std::vector<ClosedDay> found;
  for (const ClosedDay& closed : closed_) {
    if (from <= closed.day && closed.day <= to) found.push_back(closed);
  }
  return found;
}

std::int32_t NaivePupil::Unexcused(Day from, Day to, Day day) const {
  std::int32_t lessons = 0;
  for (const auto& [institution, said] : AttendanceUpTo(to)) {
    if (said.day < from) continue;
    lessons += said.unexcused;
    if (ClosedBetween(said.day + 1, day).size() >= card_.limit.unknown_grace_school_days) lessons += said.unknown;
  }
  return lessons;
}

std::int32_t NaivePupil::MarksOf(const Factor& factor, Day day) const {
  std::map<std::pair<int, int>, std::vector<int>> periods;
  for (const auto& [institution, said] : Counting<SubjectResult>()) {
    if (day - 365 < said.day && said.day <= day) periods[{SchoolYearOf(said.day), said.period}].push_back(said.mark);
  }
  if (periods.empty()) return 0;
  const auto average = [](const std::vector<int>& marks) {
    int sum = 0;
    for (const int mark : marks) sum += mark;
    return 100 * sum / static_cast<int>(marks.size());
  };
  const std::vector<int>& latest = periods.rbegin()->second;
  if (factor.measure == Measure::kFailingSubjects) {
    return static_cast<std::int32_t>(std::count_if(latest.begin(), latest.end(),
                                                   [&](int mark) { return mark < static_cast<int>(card_.pass_mark); }));
  }
  return periods.size() < 2 ? 0 : std::max(0, average(std::next(periods.rbegin())->second) - average(latest));
}

std::int32_t NaivePupil::ValueOf(const Factor& factor, Day day) const {
  const auto window = static_cast<Day>(factor.window);
  const auto in_window = [&](Day d) { return day - window < d && d <= day; };
  const std::vector<ClosedDay> closed = ClosedBetween(0, day);
  std::int32_t value = 0;
  switch (factor.measure) {
    case Measure::kAbsenceShare: {
      const Day first = closed.size() < factor.window ? closed.front().day : closed[closed.size() - factor.window].day;
      int offered = 0;
      int absent = 0;
      for (const auto& [institution, said] : AttendanceUpTo(day)) {
        if (said.day < first) continue;
        offered += said.offered;
        absent += said.unknown + said.excused + said.unexcused;
      }
      return offered == 0 ? 0 : 1000 * absent / offered;
    }
    case Measure::kUnexcusedLessons: return Unexcused(closed.back().semester_from_day, day, day);
    case Measure::kSilentSchoolDays: {
      const auto enrolment = EnrolmentAt(day);
      if (!enrolment) return 0;
      Day after = std::max(enrolment->second.from_day, closed.back().school_year_from_day);
      for (const auto& [institution, said] : AttendanceUpTo(day)) after = std::max(after, said.day + 1);
      return static_cast<std::int32_t>(ClosedBetween(after, day).size());
    }
    case Measure::kFailingSubjects:
    case Measure::kMarkFall: return MarksOf(factor, day);
    case Measure::kRepetitions:
      for (const auto& [institution, said] : Counting<Repetition>()) value += said.day <= day ? 1 : 0;
      return value;
    case Measure::kIncidents:
    case Measure::kSuspensions: {
      const auto kind = factor.measure == Measure::kIncidents ? BehaviourKind::kIncident : BehaviourKind::kSuspension;
      for (const auto& [institution, said] : Counting<Behaviour>())
        value += said.kind == kind && in_window(said.day) ? 1 : 0;
      return value;
    }
    case Measure::kSchoolChanges:
      for (const auto& [institution, said] : Counting<Enrolment>()) {
        const auto others = Counting<Enrolment>();
        const bool came_from = std::any_of(others.begin(), others.end(), [&](const auto& other) {
          return other.first != institution && other.second.from_day < said.from_day;
        });
        value += in_window(said.from_day) && came_from ? 1 : 0;
      }
      return value;
    case Measure::kUnspecified: break;
  }
  return value;
}

Abstention NaivePupil::WhyNot(Day day) const {
  const auto enrolment = EnrolmentAt(day);
  if (!enrolment) return Abstention::kNotEnrolled;
  const AbstentionRule& rule = card_.abstention;
  if (ClosedBetween(enrolment->second.from_day, day).size() < rule.enrolled_school_days_at_least) {
    return Abstention::kNewInRegister;
  }
  const Day start = std::max(enrolment->second.from_day, ClosedBetween(0, day).back().school_year_from_day);
  std::set<Day> recorded;
  unsigned lessons = 0;
  for (const auto& [institution, said] : AttendanceUpTo(day)) {
    recorded.insert(said.day);
    if (said.day >= start) lessons += said.offered;
  }
  if (!recorded.empty()) {
    const std::vector<ClosedDay> expected = ClosedBetween(start, *recorded.rbegin());
    const auto seen = std::count_if(expected.begin(), expected.end(),
                                    [&](const ClosedDay& closed) { return recorded.contains(closed.day); });
    if (!expected.empty() && static_cast<unsigned>(1000 * static_cast<std::size_t>(seen) / expected.size()) <
                                 rule.records_expected_per_mille) {
      return Abstention::kFewRecords;
    }
  }
  return lessons < rule.lessons_observed_at_least ? Abstention::kFewLessons : Abstention::kNone;
}

NaivePupil::Answer NaivePupil::At(Day day) const {
  Answer answer;
  std::vector<std::int32_t> reached;
  for (const Factor& factor : card_.factors) {
    answer.values.push_back(ValueOf(factor, day));
    reached.push_back(0);
    for (const Bin& bin : factor.bins) {
      if (answer.values.back() >= bin.at_least) reached.back() = bin.points;
    }
  }
  answer.points.assign(reached.size(), 0);
  unsigned domains = 0;
  for (const PointsDomain& domain : card_.domains) {
    auto left = static_cast<std::int32_t>(domain.cap);
    std::int32_t most = 0;
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (card_.factors[i].domain == domain.domain) most = std::max(most, reached[i]);
    }
    const std::int32_t before = left;
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (card_.factors[i].domain != domain.domain || reached[i] == 0) continue;
      if (!domain.sum && (reached[i] != most || left != before)) continue;
      answer.points[i] = std::min(reached[i], left);
      left -= answer.points[i];
    }
    domains += left != before ? 1 : 0;
    answer.total += before - left;
  }
  answer.abstention = WhyNot(day);
  if (const auto enrolment = EnrolmentAt(day)) answer.institution = enrolment->first;
  if (answer.abstention != Abstention::kNone) return answer;
  answer.tier = 1;
  for (const TierRule& rule : card_.tiers) {
    bool holds = answer.total >= static_cast<int>(rule.points_at_least) && domains >= rule.domains_at_least;
    for (const Floor& floor : rule.floors) {
      for (std::size_t i = 0; i < card_.factors.size(); ++i) {
        if (card_.factors[i].id == floor.factor_id) holds = holds && answer.values[i] >= floor.at_least;
      }
    }
    if (holds) answer.tier = std::max(answer.tier, rule.tier);
  }
  return answer;
}

void NaivePupil::LookAtLimit(int school_year, unsigned semester, Day day, Said& said) {
  Day from = 0;
  Day to = 0;
  for (const ClosedDay& closed : closed_) {
    if (closed.school_year != school_year || closed.semester != semester) continue;
    from = closed.semester_from_day;
    to = closed.day;
  }
  const std::int32_t lessons = Unexcused(from, to, day);
  auto& [crossings, stands] = crossings_[{school_year, semester}];
  const bool above = lessons > static_cast<std::int32_t>(card_.limit.lessons);
  if (above == stands) return;
  stands = above;
  if (above) ++crossings;
  std::string& heard = heard_[{school_year, semester}];
  std::string institution = heard;
  Day latest = 0;
  for (const auto& [school, record] : AttendanceUpTo(to)) {
    if (record.day < from || record.day < latest || (record.day == latest && school > institution)) continue;
    latest = record.day;
    institution = school;
  }
  if (const auto enrolment = EnrolmentAt(day)) institution = enrolment->first;
  if (above) heard = institution;
  said.push_back(core::Concat(above ? "crossed " : "retracted ", crossings, " of ", school_year, "/", semester,
                              " with ", lessons, " at ", institution));
}

NaivePupil::Said NaivePupil::Close(const ClosedDay& day) {
  closed_.push_back(day);
  Said said;
  const Answer answer = At(day.day);
  std::string material = core::Concat(answer.tier);
  for (std::size_t i = 0; i < card_.factors.size(); ++i) {
    for (const Bin& bin : card_.factors[i].bins) {
      if (answer.values[i] >= bin.at_least) material += core::Concat("/", card_.factors[i].id, bin.at_least);
    }
  }
  const bool left = answer.abstention == Abstention::kNotEnrolled && tier_ >= 2;
  const bool scored = answer.abstention == Abstention::kNone;
  if (left || (scored && (answer.tier != tier_ ||
                          (answer.tier >= 2 && (material != material_ || answer.institution != institution_))))) {
    tier_ = left ? 1 : answer.tier;
    institution_ = left ? institution_ : answer.institution;
    material_ = material;
    said.push_back(core::Concat("tier ", tier_, " at ", institution_, " with ", left ? 0 : answer.total));
  }
  std::set<unsigned> semesters;
  for (const ClosedDay& closed : closed_) {
    if (closed.school_year == day.school_year) semesters.insert(closed.semester);
  }
  for (const unsigned semester : semesters) LookAtLimit(day.school_year, semester, day.day, said);
  return said;
}

}  // namespace tilts::risk_scoring::testing
