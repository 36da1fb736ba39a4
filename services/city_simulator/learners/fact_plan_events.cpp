// What happens to learners besides lessons: they come and go, get marks, make trouble and are helped.
#include <algorithm>

#include "city_simulator/city/dice.hpp"
#include "city_simulator/learners/fact_plan.hpp"
#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes of facts

// A correction of a record a roster began: greater than any revision the door gave it.
constexpr unsigned kAfterRoster = 100;
constexpr const char* kSubjects[] = {"LV", "MATH", "ENG", "HISTORY", "NATURE", "SPORT"};

}  // namespace

void FactPlan::Leave(unsigned number, std::size_t index, EnrolmentEndReason reason) {
  Place& place = at_[number];
  place.enrolment.set_to(WriteDay(options_.days[index] - std::chrono::days{1}));
  place.enrolment.set_end_reason(reason);
  PostOf(place.school).enrolments.push_back(EnrolmentOf(number, kAfterRoster));
  place.enrolled = false;
}

void FactPlan::ComeAndGo(std::size_t index) {
  const std::size_t days = options_.days.size();
  if (index < 3 || index + 2 >= days) return;
  for (unsigned number = 0; number < options_.learners; ++number) {
    Dice dice(options_.seed, "path", number);
    // Two in a hundred change or leave once, on a day of their own.
    const auto thrown = dice.Below(1000);
    if (!at_[number].enrolled || thrown >= 24 || 3 + dice.Below(days - 4) != index) continue;
    if (thrown < 12 && options_.schools > 1) {
      const unsigned school = at_[number].school;
      Leave(number, index, ENROLMENT_END_REASON_TRANSFER);
      Enrol(number, 1 + school % options_.schools, options_.days[index]);
      PostOf(at_[number].school).enrolments.push_back(EnrolmentOf(number, 1));
      continue;
    }
    static constexpr EnrolmentEndReason kReasons[] = {ENROLMENT_END_REASON_DROPPED_OUT,
                                                      ENROLMENT_END_REASON_DROPPED_OUT, ENROLMENT_END_REASON_EXPELLED,
                                                      ENROLMENT_END_REASON_MOVED_ABROAD, ENROLMENT_END_REASON_UNKNOWN};
    Leave(number, index, kReasons[number % std::size(kReasons)]);
  }
  if (index % 3 == 0) Arrive(index);
}

// A newcomer whose papers come a day after the first lessons.
void FactPlan::Arrive(std::size_t index) {
  const auto number = static_cast<unsigned>(learners_.size());
  learners_.push_back(MakeLearner(options_.seed, number, options_.schools));
  at_.emplace_back();
  Enrol(number, learners_.back().school, options_.days[index]);
  enrolled_late_[index + 1].emplace_back(learners_.back().school, EnrolmentOf(number, 1));
}

void FactPlan::Behave(unsigned number, std::size_t index) {
  const Learner& learner = learners_[number];
  if (index == 0 && learner.repeats) {
    PlannedFact planned = FactOf(number, 1);
    planned.fact.mutable_repetition()->set_day(WriteDay(options_.days[index]));
    planned.fact.mutable_repetition()->set_grade(learner.grade);
    PostOf(at_[number].school).facts.push_back(std::move(planned));
  }
  Dice dice(options_.seed, "behaviour " + learner.name(), index);
  const bool troubled = number % 40 == 5;
  if (dice.Below(10'000) >= (troubled ? 700U : 10U)) return;
  PlannedFact planned = FactOf(number, 1);
  auto& behaviour = *planned.fact.mutable_behaviour();
  behaviour.set_incident_number(NextNumber("incident"));
  behaviour.set_day(WriteDay(options_.days[index]));
  behaviour.set_kind(dice.Chance(15) ? BEHAVIOUR_KIND_SUSPENSION : BEHAVIOUR_KIND_INCIDENT);
  if (dice.Chance(10)) {
    PlannedFact withdrawn = planned;
    withdrawn.fact.set_revision(2);
    withdrawn.fact.set_withdrawn(true);
    Later(index + 3, std::move(withdrawn), at_[number].school);
  }
  PostOf(at_[number].school).facts.push_back(std::move(planned));
}

// Marks of the year before, those of the middle of the period and those of its end: the last replace the middle ones.
void FactPlan::Grade(unsigned number, std::size_t index) {
  const Learner& learner = learners_[number];
  const std::size_t middle = options_.days.size() / 2, end = options_.days.size() - 1;
  // A roster makes numbers known from its own day on, so such a school cannot tell of the year before.
  const bool before = index == 0 && options_.whole_year && learner.here_before && learner.grade > 1 &&
                      !BeginsWithRoster(at_[number].school);
  if (!before && index != middle && index != end) return;
  if (index == middle && learner.number % 3 != 0) return;
  for (const char* subject : kSubjects) {
    Dice dice(options_.seed, std::string(subject) + learner.name(), before ? 0 : 1 + index);
    PlannedFact planned = FactOf(number, index == end ? 2 : 1);
    auto& result = *planned.fact.mutable_result();
    result.set_day(before ? WriteDay(options_.days.front() - std::chrono::days{97}) : WriteDay(options_.days[index]));
    result.set_period(before ? 2 : SemesterOf(options_.days[index])->number);
    result.set_subject_code(subject);
    const auto mark = learner.ability + dice.Below(4) - (number % 17 == 3 && !before ? 3 : 1);
    result.set_mark(static_cast<unsigned>(std::min<std::uint64_t>(mark, 10)));
    PostOf(at_[number].school).facts.push_back(std::move(planned));
  }
}

void FactPlan::Support(std::size_t index) {
  const auto count = 3 + learners_.size() / 150;
  Dice dice(options_.seed, "support", index);
  for (std::size_t each = 0; each < count; ++each) {
    const auto number = static_cast<unsigned>(dice.Below(learners_.size()));
    const auto thrown = dice.Below(100);
    const auto reason = 1 + dice.Below(14), second = 1 + dice.Below(14);
    const unsigned specialist = 1 + static_cast<unsigned>(dice.Below(4));
    // Papers that are not there yet would keep it waiting.
    if (!at_[number].enrolled || number >= options_.learners) continue;
    PlannedFact planned = FactOf(number, 1);
    if (thrown < 60) {
      auto& consultation = *planned.fact.mutable_consultation();
      consultation.set_consultation_number(NextNumber("consultation"));
      consultation.set_day(WriteDay(options_.days[index]));
      const bool career = thrown < 15 && learners_[number].grade >= 7;
      consultation.set_specialist(career ? SPECIALIST_CAREER_CONSULTANT : static_cast<Specialist>(specialist));
      consultation.add_reasons(career ? CONSULTATION_REASON_CAREER : static_cast<ConsultationReason>(reason));
      if (!career && second != reason && thrown < 25) consultation.add_reasons(static_cast<ConsultationReason>(second));
      consultation.set_mode(thrown % 5 == 0 ? CONSULTATION_MODE_REMOTE : CONSULTATION_MODE_IN_PERSON);
    } else {
      auto& measure = *planned.fact.mutable_support_measure();
      measure.set_measure_number(NextNumber("measure"));
      measure.set_day(WriteDay(options_.days[index]));
      measure.set_kind(static_cast<SupportMeasureKind>(1 + dice.Below(6)));
    }
    PostOf(at_[number].school).facts.push_back(std::move(planned));
  }
}

// What a clerk gets wrong now and then: each is refused by itself, with its code.
void FactPlan::Spoil(std::size_t index) {
  for (unsigned number = static_cast<unsigned>(index); number < options_.learners; number += 1000) {
    if (!at_[number].enrolled) continue;
    PlannedFact planned = FactOf(number, 1);
    auto& attendance = *planned.fact.mutable_attendance();
    attendance.set_day(WriteDay(options_.days[index]));
    attendance.set_lessons_offered(7);
    planned.refused_with = "LESSONS_RANGE";
    switch ((index + number) % 4) {
      case 0: attendance.set_lessons_offered(16); break;
      case 1:
        attendance.set_absent_excused(8);
        planned.refused_with = "LESSONS_SUM";
        break;
      case 2:
        attendance.set_day("2025-13-01");
        planned.refused_with = "DAY_INVALID";
        break;
      default: planned.fact.set_revision(0); planned.refused_with = "REVISION_RANGE";
    }
    PostOf(at_[number].school).facts.push_back(std::move(planned));
  }
}

}  // namespace tilts::city_simulator
