#pragma once

#include <tilts/codes/v1/learning_codes.pb.h>

#include <cstdint>
#include <string>
#include <vector>

namespace tilts::city_simulator {

// How a learner's days go; what the city's figures need at least some of.
enum class Course {
  kSteady,        // there on nearly every day
  kOftenIll,      // every tenth day away, with a note
  kTruant,        // a lesson here and there without reason: crosses the line within the semester
  kExcusedLater,  // two weeks away without reason, until the notes come: the line is crossed and taken back
  kSilent,        // from some day on nothing is recorded for weeks
  kPatchy         // the school forgets every other day
};

struct Learner {
  unsigned number = 0;  // of the city; also of the person
  unsigned school = 1;
  unsigned grade = 1;
  Course course = Course::kSteady;
  bool here_before = false;  // enrolled since an earlier school year
  bool repeats = false;
  unsigned ability = 6;  // about which the marks lie

  std::string name() const { return "learner-" + std::to_string(number); }
};

codes::v1::EducationStage StageOf(unsigned grade);

// Learners of grades 1 to 12 by the shares of the plan's table 2.1 (Riga, spring 2022), spread over the schools.
std::vector<Learner> Populate(std::uint64_t seed, unsigned learners, unsigned schools);
// One more than the population counted, who comes later.
Learner MakeLearner(std::uint64_t seed, unsigned number, unsigned schools);

}  // namespace tilts::city_simulator
