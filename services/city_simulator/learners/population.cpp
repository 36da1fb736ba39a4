#include "city_simulator/learners/population.hpp"

#include <array>

#include "city_simulator/city/dice.hpp"

namespace tilts::city_simulator {
namespace {

// Plan 2024-2028, table 2.1: learners of Riga's municipal schools by grade, spring 2022.
constexpr std::array<unsigned, 12> kByGrade = {6736, 6387, 6185, 6060, 5769, 5890, 6470, 6765, 6776, 4117, 3933, 3470};

unsigned GradeOf(Dice& dice) {
  unsigned all = 0;
  for (const unsigned count : kByGrade) all += count;
  auto left = dice.Below(all);
  unsigned grade = 0;
  while (left >= kByGrade[grade]) left -= kByGrade[grade++];
  return grade + 1;
}

// In a thousand learners; the rest is steady.
Course CourseOf(Dice& dice) {
  const auto thrown = dice.Below(1000);
  if (thrown < 70) return Course::kOftenIll;
  if (thrown < 100) return Course::kTruant;
  if (thrown < 110) return Course::kExcusedLater;
  if (thrown < 130) return Course::kSilent;
  return thrown < 140 ? Course::kPatchy : Course::kSteady;
}

}  // namespace

codes::v1::EducationStage StageOf(unsigned grade) {
  return grade <= 9 ? codes::v1::EDUCATION_STAGE_BASIC : codes::v1::EDUCATION_STAGE_SECONDARY;
}

Learner MakeLearner(std::uint64_t seed, unsigned number, unsigned schools) {
  Dice dice(seed, "learner", number);
  Learner learner;
  learner.number = number;
  learner.school = 1 + number % schools;
  learner.grade = GradeOf(dice);
  // Whatever the dice say, every course is run by somebody in a city of any size.
  learner.course = number < 12 ? static_cast<Course>(number % 6) : CourseOf(dice);
  learner.here_before = dice.Chance(70);
  learner.repeats = dice.Below(1000) < 12;
  learner.ability = 4 + static_cast<unsigned>(dice.Below(5));
  return learner;
}

std::vector<Learner> Populate(std::uint64_t seed, unsigned learners, unsigned schools) {
  std::vector<Learner> all;
  all.reserve(learners);
  for (unsigned number = 0; number < learners; ++number) all.push_back(MakeLearner(seed, number, schools));
  return all;
}

}  // namespace tilts::city_simulator
