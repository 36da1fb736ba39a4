#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/result.hpp"
#include "risk_scoring/domain/card.hpp"
#include "risk_scoring/domain/closed_days.hpp"
#include "risk_scoring/domain/pupil_state.hpp"

namespace tilts::risk_scoring {

// A closed school day seen with a card: what all pupils of a partition share. It points at both, which must outlive it.
struct AsOf {
  const ClosedDays* closed = nullptr;
  const CheckedCard* card = nullptr;
  ClosedDay day;
  Day absence_from = 0;              // first day of the absence window
  Day unknown_before = 0;            // lessons of unknown reason count on days before it
  std::optional<Semester> previous;  // the semester before, of the same school year
};

// kNotFound when the day is not among the closed ones.
core::Result<AsOf> SeenAt(const ClosedDays& closed, const CheckedCard& card, Day day);

// The contract's numbers.
enum class Abstention : std::uint8_t {
  kNone = 0,
  kFewLessons = 1,
  kFewRecords = 2,
  kNewInRegister = 3,
  kNotEnrolled = 4
};

// What one factor of the card says.
struct Contribution {
  std::int32_t value = 0;
  std::int32_t bin_at_least = 0;  // of the bin reached; meaningless without bin_points
  std::int32_t bin_points = 0;    // 0: no bin reached
  std::int32_t points = 0;        // what counts after the domain's rule and cap
};

struct Assessment {
  Abstention abstention = Abstention::kNone;
  unsigned tier = 0;        // 1 to 3; 0 with an abstention
  std::int32_t points = 0;  // the sum of the contributions' points, also with an abstention
  unsigned domains = 0;     // with points
  std::int32_t unexcused_lessons = 0;
  bool above_limit = false;                     // strictly more than the statutory limit
  std::optional<InstitutionIndex> institution;  // where the pupil is enrolled
  std::size_t factors = 0;
  std::array<Contribution, kMaxFactors> by_factor{};  // in card order, one a factor of the card, also without points

  std::span<const Contribution> contributions() const { return {by_factor.data(), factors}; }
};

// The score as of a closed day, from the facts up to it. Uses the running sums where they stand at that day, else reads
// the records anew: the result is the same.
Assessment Evaluate(const PupilState& state, const AsOf& as_of);

// Strictly more than the statutory line.
bool IsAboveLimit(const CheckedCard& card, std::int32_t lessons);

// "" where the assessment has none.
std::string InstitutionOf(const PupilState& state, const Assessment& assessment);

// First 16 hex digits of SHA-256 over "<card id>/<version>/<tier>" and "/<factor id>:<at_least of the bin reached>" for
// each factor with a bin reached, in card order.
std::string MaterialDigest(const CheckedCard& card, const Assessment& assessment);

}  // namespace tilts::risk_scoring
