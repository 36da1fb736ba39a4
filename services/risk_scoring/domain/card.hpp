#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace tilts::risk_scoring {

// The contract's numbers (tilts/risk/v1/card.proto), which also says what each measure is.
enum class Measure : std::uint8_t {
  kUnspecified = 0,
  kAbsenceShare = 1,      // per mille
  kUnexcusedLessons = 2,  // lessons
  kSilentSchoolDays = 3,
  kFailingSubjects = 4,
  kMarkFall = 5,  // hundredths of a point
  kRepetitions = 6,
  kIncidents = 7,
  kSuspensions = 8,
  kSchoolChanges = 9,
};
inline constexpr std::size_t kMeasures = 10;  // indexed by Measure
enum class WindowUnit : std::uint8_t {
  kUnspecified = 0,
  kSchoolDays = 1,
  kCalendarDays = 2,
  kSemester = 3,
  kSchoolYear = 4
};

struct Bin {
  std::int32_t at_least = 0;
  std::int32_t points = 0;
  std::string evidence;
};
struct Factor {
  std::string id;
  std::string domain;
  Measure measure = Measure::kUnspecified;
  WindowUnit window_unit = WindowUnit::kUnspecified;
  unsigned window = 0;
  std::vector<Bin> bins;
};
struct PointsDomain {
  std::string domain;
  unsigned cap = 0;
  bool sum = false;
};
struct Floor {
  std::string factor_id;
  std::int32_t at_least = 0;
};
struct TierRule {
  unsigned tier = 0;
  unsigned points_at_least = 0;
  unsigned domains_at_least = 0;
  std::vector<Floor> floors;
};
struct AbstentionRule {
  unsigned lessons_observed_at_least = 0;
  unsigned records_expected_per_mille = 0;
  unsigned enrolled_school_days_at_least = 0;
};
struct StatutoryLimit {
  unsigned lessons = 0;
  unsigned unknown_grace_school_days = 0;
  std::string legal_basis;
  std::string legal_version;
};
struct Card {
  std::string id;
  unsigned version = 0;
  std::string source;
  std::vector<Factor> factors;
  std::vector<PointsDomain> domains;
  std::vector<TierRule> tiers;
  AbstentionRule abstention;
  StatutoryLimit limit;
  unsigned pass_mark = 0;
};

inline constexpr std::size_t kMaxFactors = 9;  // one a measure
inline constexpr std::size_t kMaxDomains = 9;

// A card that may score: names are resolved to indexes once.
class CheckedCard {
 public:
  // kInvalid with a violation for everything that is wrong: unknown or repeated names, a measure asked twice, a window
  // that is not the measure's or longer than the history kept, bins or points not rising or outside 1 to 30, no rule
  // for a tier, a rule without a condition, a limit without its law.
  static core::Result<CheckedCard> Make(Card card);

  const Card& card() const { return card_; }
  // Index into card().domains of each factor, and into card().factors of each floor of rule `tiers[r]`.
  std::size_t DomainOf(std::size_t factor) const { return domain_of_[factor]; }
  const std::vector<std::size_t>& FloorFactors(std::size_t rule) const { return floor_factors_[rule]; }
  // Of the factor with this measure; 0 without one.
  unsigned WindowOf(Measure measure) const { return windows_[static_cast<std::size_t>(measure)]; }

 private:
  Card card_;
  std::array<std::size_t, kMaxFactors> domain_of_{};
  std::array<unsigned, kMeasures> windows_{};
  std::vector<std::vector<std::size_t>> floor_factors_;
};

}  // namespace tilts::risk_scoring
