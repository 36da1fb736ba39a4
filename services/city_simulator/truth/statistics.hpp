#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "city_simulator/law/world.hpp"
#include "city_simulator/truth/learner_book.hpp"
#include "city_simulator/truth/tier_book.hpp"

namespace tilts::city_simulator {

struct Fraction {
  std::uint64_t numerator = 0;    // of a median the hours
  std::uint64_t denominator = 0;  // 0: a count; of a median how many there were

  bool operator==(const Fraction&) const = default;
};
struct StatisticsCell {
  std::string indicator;
  std::string category;          // of its disaggregation; empty: the total
  std::string institution = {};  // empty: the city

  auto operator<=>(const StatisticsCell&) const = default;
};
using Statistics = std::map<StatisticsCell, Fraction>;

// Below it others than the institution itself are not shown a number of the plan.
inline constexpr std::uint64_t kSmallestCell = 5;

// Categories are the contract's codes without their prefix: "STATE_POLICE".
std::string CategoryOf(const std::string& code, const std::string& prefix);

// The indicators of one school year that count learners, by the definitions of the plan and the simulator's own count.
void CountLearners(const LearnerBook& book, const std::string& school_year, Statistics& statistics);
// Those that count what institutions did for each other and how long it took, in one municipality's figures.
void CountReferrals(const World& world, const Directory& directory, const std::string& school_year,
                    const std::string& municipality, Statistics& statistics);
// And what people decided on proposed tiers, all of it in the year that is played.
void CountDecisions(const TierBook& tiers, Statistics& statistics);

// Hours within which half of something was done: two runs cannot be added up.
bool IsMedian(const std::string& indicator);
bool IsSmall(const StatisticsCell& cell, const Fraction& value);

}  // namespace tilts::city_simulator
