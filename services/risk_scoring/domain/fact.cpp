#include "risk_scoring/domain/fact.hpp"

#include <utility>
#include <vector>

namespace tilts::risk_scoring {
namespace {

constexpr unsigned kMostLessons = 15;

class Checker {
 public:
  explicit Checker(bool withdrawn) : withdrawn_(withdrawn) {}

  void Require(bool holds, const char* field, const char* message) {
    if (!holds) found_.push_back({field, "OUT_OF_RANGE", message});
  }

  void operator()(const Enrolment& enrolment) {
    RequireDay(enrolment.from_day, "from_day");
    if (withdrawn_) return;
    Require(enrolment.to_day == 0 || (enrolment.to_day >= enrolment.from_day && enrolment.to_day <= kLastDay), "to_day",
            "the last day, not before the first; 0 while enrolled");
    Require(enrolment.grade <= 12, "grade", "1 to 12, 0 when unknown");
  }
  void operator()(const Attendance& attendance) {
    RequireDay(attendance.day, "day");
    if (withdrawn_) return;
    const unsigned absent = 0U + attendance.unknown + attendance.excused + attendance.unexcused;
    Require(attendance.offered >= 1 && attendance.offered <= kMostLessons, "lessons_offered", "1 to 15");
    Require(absent <= attendance.offered, "absent", "not more absences than lessons offered");
    Require(attendance.late + absent <= attendance.offered, "late", "only lessons that were attended can be late");
  }
  void operator()(const SubjectResult& result) {
    RequireDay(result.day, "day");
    Require(result.period == 1 || result.period == 2, "period", "1 or 2");
    Require(!result.subject_code.empty() && result.subject_code.size() <= 16, "subject_code", "1 to 16 characters");
    if (!withdrawn_) Require(result.mark >= 1 && result.mark <= 10, "mark", "1 to 10");
  }
  void operator()(const Repetition& repetition) {
    RequireDay(repetition.day, "day");
    if (!withdrawn_) Require(repetition.grade <= 12, "grade", "1 to 12, 0 when unknown");
  }
  void operator()(const Behaviour& behaviour) {
    if (withdrawn_) return;
    RequireDay(behaviour.day, "day");
    Require(behaviour.kind == BehaviourKind::kIncident || behaviour.kind == BehaviourKind::kSuspension, "kind",
            "an incident or a suspension");
  }

  std::vector<core::Violation> Take() { return std::move(found_); }

 private:
  void RequireDay(Day day, const char* field) {
    Require(day >= kFirstDay && day <= kLastDay, field, "days since 1970-01-01, up to 2149-06-06");
  }

  bool withdrawn_;
  std::vector<core::Violation> found_;
};

}  // namespace

const char* KindOf(const Fact& fact) {
  static constexpr std::array<const char*, 5> kNames{"enrolment", "attendance", "result", "repetition", "behaviour"};
  return kNames.at(fact.content.index());
}

core::Status CheckFact(const Fact& fact) {
  Checker checker(fact.withdrawn);
  checker.Require(fact.revision > 0, "stamp.revision", "1 to 65535");
  checker.Require(!fact.institution_id.empty() && fact.institution_id.size() <= 255, "stamp.institution_id",
                  "1 to 255 bytes");
  std::visit(checker, fact.content);
  std::vector<core::Violation> found = checker.Take();
  if (found.empty()) return {};
  return core::Fail(
      {core::Errc::kInvalid, "a fact has fields outside their ranges", "FACT_INVALID", std::move(found), 0});
}

}  // namespace tilts::risk_scoring
