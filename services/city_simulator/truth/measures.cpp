#include "city_simulator/truth/measures.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

constexpr int kYearOfDays = 365;

int AbsenceShare(const AsOf& as_of, unsigned window) {
  const std::size_t back = std::min<std::size_t>(window, as_of.closed.size());
  const int first = as_of.closed[as_of.closed.size() - back].day;
  int absent = 0, offered = 0;
  as_of.history.ForEach(FactKind::kAttendance, as_of.day(), [&](const PlainFact& fact) {
    if (fact.day < first) return;
    absent += static_cast<int>(fact.unknown + fact.excused + fact.unexcused);
    offered += static_cast<int>(fact.offered);
  });
  return offered == 0 ? 0 : 1000 * absent / offered;
}

int SilentDays(const AsOf& as_of) {
  const PlainFact* enrolment = as_of.history.EnrolmentOn(as_of.day());
  if (enrolment == nullptr) return 0;
  const int from = ExpectedFrom(as_of, *enrolment), latest = LatestAttendance(as_of);
  return static_cast<int>(std::count_if(as_of.closed.begin(), as_of.closed.end(), [&](const ClosedDay& closed) {
    return closed.day >= from && (latest == 0 || closed.day > latest);
  }));
}

using Marks = std::vector<int>;
// Marks of the year before the day by school year and period, in the order of time.
std::map<std::pair<std::string, unsigned>, Marks> MarksByPeriod(const AsOf& as_of) {
  std::map<std::pair<std::string, unsigned>, Marks> periods;
  as_of.history.ForEach(FactKind::kResult, as_of.day(), [&](const PlainFact& fact) {
    if (fact.day <= as_of.day() - kYearOfDays) return;
    periods[{SchoolYearOf(DayOf(fact.day)), fact.period}].push_back(static_cast<int>(fact.mark));
  });
  return periods;
}

int Average100(const Marks& marks) {
  int sum = 0;
  for (const int mark : marks) sum += mark;
  return 100 * sum / static_cast<int>(marks.size());
}

int MarkFall(const AsOf& as_of) {
  const auto periods = MarksByPeriod(as_of);
  if (periods.size() < 2) return 0;
  const auto latest = periods.rbegin();
  return std::max(0, Average100(std::next(latest)->second) - Average100(latest->second));
}

int FailingSubjects(const AsOf& as_of) {
  const auto periods = MarksByPeriod(as_of);
  if (periods.empty()) return 0;
  const Marks& marks = periods.rbegin()->second;
  return static_cast<int>(std::count_if(marks.begin(), marks.end(),
                                        [&](int mark) { return mark < static_cast<int>(as_of.card.pass_mark()); }));
}

int Behaviours(const AsOf& as_of, codes::v1::BehaviourKind kind, unsigned window) {
  int count = 0;
  as_of.history.ForEach(FactKind::kBehaviour, as_of.day(), [&](const PlainFact& fact) {
    if (fact.behaviour == kind && fact.day > as_of.day() - static_cast<int>(window)) ++count;
  });
  return count;
}

int SchoolChanges(const AsOf& as_of, unsigned window) {
  int changes = 0;
  as_of.history.ForEach(FactKind::kEnrolment, as_of.day(), [&](const PlainFact& fact) {
    if (fact.day <= as_of.day() - static_cast<int>(window)) return;
    bool from_elsewhere = false;
    as_of.history.ForEach(FactKind::kEnrolment, as_of.day(), [&](const PlainFact& other) {
      from_elsewhere = from_elsewhere || (other.school != fact.school && other.day < fact.day);
    });
    if (from_elsewhere) ++changes;
  });
  return changes;
}

}  // namespace

int ExpectedFrom(const AsOf& as_of, const PlainFact& enrolment) {
  return std::max(enrolment.day, as_of.today().school_year_from);
}

int LatestAttendance(const AsOf& as_of) {
  int latest = 0;
  as_of.history.ForEach(FactKind::kAttendance, as_of.day(),
                        [&](const PlainFact& fact) { latest = std::max(latest, fact.day); });
  return latest;
}

int UnexcusedLessons(const AsOf& as_of, int from, int through) {
  const unsigned grace = as_of.card.limit().unknown_grace_school_days();
  unsigned lessons = 0;
  as_of.history.ForEach(FactKind::kAttendance, through, [&](const PlainFact& fact) {
    if (fact.day < from) return;
    lessons += fact.unexcused;
    if (fact.unknown == 0) return;
    const auto after = std::count_if(as_of.closed.begin(), as_of.closed.end(),
                                     [&](const ClosedDay& closed) { return closed.day > fact.day; });
    if (static_cast<unsigned>(after) >= grace) lessons += fact.unknown;
  });
  return static_cast<int>(lessons);
}

int MeasureOf(const risk::v1::Factor& factor, const AsOf& as_of) {
  switch (factor.measure()) {
    case risk::v1::MEASURE_ABSENCE_SHARE: return AbsenceShare(as_of, factor.window());
    case risk::v1::MEASURE_UNEXCUSED_LESSONS: return UnexcusedLessons(as_of, as_of.today().semester_from, as_of.day());
    case risk::v1::MEASURE_SILENT_SCHOOL_DAYS: return SilentDays(as_of);
    case risk::v1::MEASURE_FAILING_SUBJECTS: return FailingSubjects(as_of);
    case risk::v1::MEASURE_MARK_FALL: return MarkFall(as_of);
    case risk::v1::MEASURE_REPETITIONS: {
      int count = 0;
      as_of.history.ForEach(FactKind::kRepetition, as_of.day(), [&](const PlainFact&) { ++count; });
      return count;
    }
    case risk::v1::MEASURE_INCIDENTS: return Behaviours(as_of, codes::v1::BEHAVIOUR_KIND_INCIDENT, factor.window());
    case risk::v1::MEASURE_SUSPENSIONS: return Behaviours(as_of, codes::v1::BEHAVIOUR_KIND_SUSPENSION, factor.window());
    case risk::v1::MEASURE_SCHOOL_CHANGES: return SchoolChanges(as_of, factor.window());
    default: return 0;
  }
}

}  // namespace tilts::city_simulator
