#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "city_simulator/law/world.hpp"
#include "city_simulator/truth/learner_book.hpp"

namespace tilts::city_simulator {

struct Fraction {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 0;  // 0: a count

  bool operator==(const Fraction&) const = default;
};
// By indicator and category of its disaggregation; an empty category is the total.
using Statistics = std::map<std::pair<std::string, std::string>, Fraction>;

// Categories are the contract's codes without their prefix: "STATE_POLICE".
std::string CategoryOf(const std::string& code, const std::string& prefix);

// The indicators of one school year that count learners, by the definitions of the plan and the simulator's own count.
void CountLearners(const LearnerBook& book, const std::string& school_year, Statistics& statistics);
// Those that count what institutions did for each other, in one municipality's figures.
void CountReferrals(const World& world, const Directory& directory, const std::string& school_year,
                    const std::string& municipality, Statistics& statistics);

}  // namespace tilts::city_simulator
