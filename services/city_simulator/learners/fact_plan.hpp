#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include <map>
#include <string>
#include <vector>

#include "city_simulator/learners/population.hpp"
#include "city_simulator/scan/canary.hpp"
#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// One fact a school is going to push.
struct PlannedFact {
  unsigned learner = 0;
  intake::v1::Fact fact;
  std::string refused_with;  // the code that has to answer it; empty: the fact is good
};

// What one school sends on one day.
struct SchoolPost {
  unsigned school = 1;
  std::vector<PlannedFact> enrolments;  // first: whoever comes and goes
  std::vector<PlannedFact> facts;
};

struct LearnerOptions {
  std::uint64_t seed = 1;
  std::string run_name;  // begins the numbers the schools make up
  unsigned schools = 6;
  unsigned learners = 2500;
  std::vector<Day> days;    // school days of the plan
  bool whole_year = false;  // the register knows this school year from its first day on: earlier enrolments can be told
};

// What every school tells of its learners, day by day. The same options give the same plan.
class FactPlan {
 public:
  FactPlan(LearnerOptions options, const Canary& canary);

  // Schools with an odd number begin with a roster, the others with enrolment facts.
  static bool BeginsWithRoster(unsigned school) { return school % 2 == 1; }
  // The enrolments on the morning of the first day, as facts; a roster is made of the same.
  std::vector<SchoolPost> Beginning();
  // What is pushed after the lessons of a day of the plan; called for each day once, in order.
  std::vector<SchoolPost> DayPost(std::size_t index);

  const std::vector<Learner>& learners() const { return learners_; }
  const LearnerOptions& options() const { return options_; }
  std::string PupilNumber(unsigned learner) const { return at_.at(learner).number; }

 private:
  // Where a learner is now.
  struct Place {
    bool enrolled = false;
    unsigned school = 1;
    unsigned moves = 0;
    std::string number;
    intake::v1::Enrolment enrolment;
  };
  struct Lessons {
    unsigned offered = 0, unknown = 0, excused = 0, unexcused = 0;
    bool silent = false;
  };

  void Enrol(unsigned learner, unsigned school, Day from);
  PlannedFact EnrolmentOf(unsigned learner, unsigned revision) const;
  PlannedFact FactOf(unsigned learner, unsigned revision) const;
  Lessons LessonsAway(const Learner& learner, std::size_t index) const;
  void Attend(unsigned learner, std::size_t index);
  void ComeAndGo(std::size_t index);
  void Leave(unsigned learner, std::size_t index, codes::v1::EnrolmentEndReason reason);
  void Arrive(std::size_t index);
  void Behave(unsigned learner, std::size_t index);
  void Grade(unsigned learner, std::size_t index);
  void Support(std::size_t index);
  void Spoil(std::size_t index);
  void Later(std::size_t index, PlannedFact fact, unsigned school);
  SchoolPost& PostOf(unsigned school) { return posts_[school]; }
  std::string NextNumber(const char* kind);

  const LearnerOptions options_;
  const Canary& canary_;
  std::vector<Learner> learners_;
  std::vector<Place> at_;
  std::map<unsigned, SchoolPost> posts_;
  std::map<std::size_t, std::vector<std::pair<unsigned, PlannedFact>>> later_;
  std::map<std::size_t, std::vector<std::pair<unsigned, PlannedFact>>> enrolled_late_;
  std::uint64_t numbers_ = 0;
};

}  // namespace tilts::city_simulator
