#include "city_simulator/learners/fact_plan.hpp"

#include <algorithm>

#include "city_simulator/city/dice.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes of facts

constexpr std::size_t kExcusedDays = 9;  // away without reason until the notes come
constexpr unsigned kContradicted = 4;    // of 1,000 days are told twice, differently

}  // namespace

FactPlan::FactPlan(LearnerOptions options, const Canary& canary)
    : options_(std::move(options)),
      canary_(canary),
      learners_(Populate(options_.seed, options_.learners, options_.schools)),
      at_(learners_.size()) {}

std::string FactPlan::NextNumber(const char* kind) {
  return options_.run_name + "-" + kind + "-" + std::to_string(++numbers_);
}

void FactPlan::Enrol(unsigned number, unsigned school, Day from) {
  const Learner& learner = learners_[number];
  Place& place = at_[number];
  place.enrolled = true;
  place.school = school;
  place.number = canary_.PupilNumber(school, number + 10'000 * place.moves++);
  place.enrolment.Clear();
  place.enrolment.set_from(WriteDay(from));
  place.enrolment.set_stage(StageOf(learner.grade));
  place.enrolment.set_grade(learner.grade);
  auto& person = *place.enrolment.mutable_person();
  person.set_role(PERSON_ROLE_SUBJECT);
  auto& code = *person.add_identifiers();
  code.set_system(IDENTIFIER_SYSTEM_NATIONAL_CODE);
  code.set_value(canary_.PersonCode(2000 + number));
  person.set_given_name(canary_.GivenName(2000 + number));
  person.set_family_name(canary_.FamilyName(2000 + number));
}

PlannedFact FactPlan::FactOf(unsigned learner, unsigned revision) const {
  PlannedFact planned{learner, {}, {}};
  planned.fact.set_pupil_number(at_[learner].number);
  planned.fact.set_revision(revision);
  return planned;
}

PlannedFact FactPlan::EnrolmentOf(unsigned learner, unsigned revision) const {
  PlannedFact planned = FactOf(learner, revision);
  *planned.fact.mutable_enrolment() = at_[learner].enrolment;
  return planned;
}

std::vector<SchoolPost> FactPlan::Beginning() {
  posts_.clear();
  const Day first = options_.days.front();
  for (const Learner& learner : learners_) {
    const bool before = options_.whole_year && learner.here_before;
    Enrol(learner.number, learner.school, before ? first - std::chrono::days{364} : first);
    PostOf(learner.school).enrolments.push_back(EnrolmentOf(learner.number, 1));
  }
  std::vector<SchoolPost> posts;
  for (auto& [school, post] : posts_) {
    post.school = school;
    for (PlannedFact& planned : post.enrolments) planned.fact.set_event_id(NextNumber("fact"));
    posts.push_back(std::move(post));
  }
  return posts;
}

std::vector<SchoolPost> FactPlan::DayPost(std::size_t index) {
  posts_.clear();
  for (auto& [school, fact] : enrolled_late_[index]) PostOf(school).enrolments.push_back(std::move(fact));
  for (auto& [school, fact] : later_[index]) PostOf(school).facts.push_back(std::move(fact));
  later_.erase(index);
  ComeAndGo(index);
  for (unsigned number = 0; number < at_.size(); ++number) {
    if (!at_[number].enrolled) continue;
    Attend(number, index);
    Behave(number, index);
    Grade(number, index);
  }
  Support(index);
  Spoil(index);
  std::vector<SchoolPost> posts;
  for (auto& [school, post] : posts_) {
    post.school = school;
    for (auto* part : {&post.enrolments, &post.facts}) {
      for (PlannedFact& planned : *part) planned.fact.set_event_id(NextNumber("fact"));
    }
    posts.push_back(std::move(post));
  }
  return posts;
}

void FactPlan::Later(std::size_t index, PlannedFact fact, unsigned school) {
  if (index < options_.days.size()) later_[index].emplace_back(school, std::move(fact));
}

FactPlan::Lessons FactPlan::LessonsAway(const Learner& learner, std::size_t index) const {
  Dice dice(options_.seed, "away " + learner.name(), index);
  Lessons lessons;
  const unsigned offered = learner.grade <= 3 ? 5 : learner.grade <= 6 ? 6 : 7 + static_cast<unsigned>(dice.Below(2));
  lessons.offered = offered;
  const auto thrown = dice.Below(1000);
  // Nobody is told to be away for an unknown reason so late that it could not be cleared up any more.
  const bool clears_up = index + 12 < options_.days.size();
  switch (learner.course) {
    case Course::kSteady:
      if (thrown < 22) lessons.excused = offered;
      if (thrown >= 22 && thrown < 28) lessons.unexcused = 1;
      if (thrown >= 28 && thrown < 36 && clears_up) lessons.unknown = offered;
      break;
    case Course::kOftenIll:
      if (thrown < 130) lessons.excused = offered;
      if (thrown >= 130 && thrown < 145 && clears_up) lessons.unknown = offered;
      break;
    case Course::kTruant:
      if (thrown < 320) lessons.unexcused = 1 + static_cast<unsigned>(dice.Below(3));
      if (thrown >= 320 && thrown < 360 && clears_up) lessons.unknown = 2;
      break;
    case Course::kExcusedLater: {
      const std::size_t from = 4 + learner.number % 25;
      if (index >= from && index < from + kExcusedDays) lessons.unexcused = 3;
      break;
    }
    case Course::kSilent: lessons.silent = index >= 8 + learner.number % 20 && index < 31 + learner.number % 40; break;
    case Course::kPatchy: lessons.silent = index % 2 == 1; break;
  }
  return lessons;
}

void FactPlan::Attend(unsigned number, std::size_t index) {
  const Learner& learner = learners_[number];
  const Lessons lessons = LessonsAway(learner, index);
  if (lessons.silent) return;
  const unsigned school = at_[number].school;
  PlannedFact planned = FactOf(number, 1);
  auto& attendance = *planned.fact.mutable_attendance();
  attendance.set_day(WriteDay(options_.days[index]));
  attendance.set_lessons_offered(lessons.offered);
  attendance.set_absent_unknown(lessons.unknown);
  attendance.set_absent_excused(lessons.excused);
  attendance.set_absent_unexcused(lessons.unexcused);
  Dice dice(options_.seed, "later " + learner.name(), index);
  PlannedFact corrected = planned;
  corrected.fact.set_revision(2);
  auto& truth = *corrected.fact.mutable_attendance();
  if (lessons.unknown > 0) {
    // Told a few days later, some of them after the days of grace.
    truth.set_absent_unknown(0);
    dice.Chance(70) ? truth.set_absent_excused(lessons.unknown) : truth.set_absent_unexcused(lessons.unknown);
    Later(index + 1 + dice.Below(9), corrected, school);
  } else if (learner.course == Course::kExcusedLater && lessons.unexcused > 0) {
    truth.set_absent_unexcused(0);
    truth.set_absent_excused(lessons.unexcused);
    const std::size_t last = 4 + learner.number % 25 + kExcusedDays;
    // Soon enough that nobody read the notice yet, or long after.
    Later(last + (learner.number % 2 == 0 ? 0 : 9), corrected, school);
  } else if (lessons.unexcused > 0 && dice.Chance(12)) {
    truth.set_absent_unexcused(0);
    truth.set_absent_excused(lessons.unexcused);
    Later(index + 2 + dice.Below(8), corrected, school);
  } else if (dice.Below(1000) < 3) {
    // Somebody else's line: taken back, and half of the time told anew.
    corrected.fact.set_withdrawn(true);
    Later(index + 1, corrected, school);
    corrected.fact.set_withdrawn(false);
    corrected.fact.set_revision(3);
    if (dice.Chance(50)) Later(index + 2, corrected, school);
  } else if (number < options_.learners && dice.Below(1000) < kContradicted) {
    // Two clerks wrote two lists, and nobody counted the revisions.
    PlannedFact other = planned;
    other.fact.mutable_attendance()->set_absent_excused(lessons.excused > 0 ? lessons.excused - 1 : 1);
    PostOf(school).facts.push_back(std::move(other));
  }
  PostOf(school).facts.push_back(std::move(planned));
}

}  // namespace tilts::city_simulator
