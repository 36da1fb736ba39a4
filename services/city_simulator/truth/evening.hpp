#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "city_simulator/truth/score.hpp"

namespace tilts::city_simulator {

// What the close of a school day says of one pupil.
struct Proposal {
  std::string school;  // which has to decide
  unsigned tier = 1;
  unsigned previous = 1;
  int points = 0;
  std::string material;
  int as_of_day = 0;
};
struct LimitChange {
  bool crossed = true;  // false: taken back
  std::string school;
  std::string school_year;
  unsigned semester = 1;
  unsigned crossing = 1;
  int lessons = 0;
};

// One pupil through the evenings: what was proposed last and which lines are crossed.
class Evenings {
 public:
  struct Said {
    std::vector<Proposal> proposals;  // none or one
    std::vector<LimitChange> limits;  // the earlier semester first
  };
  // Once per close, in the order of days.
  Said Close(const AsOf& as_of);

  const Score& score() const { return score_; }
  bool limit_crossed(const std::string& school_year, unsigned semester) const;
  // At which school the line was crossed last; empty: it is not crossed.
  std::string limit_school(const std::string& school_year, unsigned semester) const;
  // A check of the check: the score says a point too many.
  void Spoil() { ++score_.points; }

 private:
  void Propose(const AsOf& as_of, Said& said);
  void LookAtLimits(const AsOf& as_of, Said& said);

  struct Line {
    unsigned crossings = 0;
    bool crossed = false;
    std::string school;
  };
  Score score_;
  Proposal last_;
  std::map<std::pair<std::string, unsigned>, Line> lines_;
};

}  // namespace tilts::city_simulator
