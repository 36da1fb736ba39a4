#pragma once

#include <string>
#include <vector>

#include "city_simulator/law/codes.hpp"
#include "city_simulator/law/picture.hpp"

namespace tilts::city_simulator {

// The published table of levels and urgencies (services/case_intake/data/levels.json): every line whose conditions hold
// raises the picture, none lowers it.
class LevelBook {
 public:
  void Read(const std::string& path, Reading& reading);
  void Raise(Picture& picture) const;

 private:
  struct Line {
    std::set<codes::v1::Stream> streams;
    std::set<codes::v1::ConcernCode> concerns;
    std::set<codes::v1::AggravatingFact> aggravating;
    std::set<codes::v1::Relation> relations;
    std::set<codes::v1::Place> places;
    unsigned level = 0;
    codes::v1::Urgency urgency = codes::v1::URGENCY_UNSPECIFIED;
  };
  std::vector<Line> lines_;
};

}  // namespace tilts::city_simulator
