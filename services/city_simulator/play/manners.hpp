#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "city_simulator/law/referral_model.hpp"

namespace tilts::city_simulator {

// One thing a recipient is going to do about a referral.
struct PlannedMove {
  Instant at;
  codes::v1::ReferralMove move = codes::v1::REFERRAL_MOVE_UNSPECIFIED;
  codes::v1::RejectReason reject_reason = codes::v1::REJECT_REASON_UNSPECIFIED;
  codes::v1::ReferralOutcome outcome = codes::v1::REFERRAL_OUTCOME_UNSPECIFIED;
  std::optional<Instant> resume_at;
};

struct Bearing {
  std::uint64_t seed = 0;
  std::string situation;   // what the case began with
  bool is_staged = false;  // one of the scenes every city plays
  bool sleeps = true;      // works in office hours only
  Follows follows = Follows::kMunicipal;
};

// How the recipient bears itself: prompt, late, silent, without room, without competence, on hold for a while. Decided
// by the seed and the referral's name, so that the same city behaves the same whatever arrives first. No moves:
// silence.
std::vector<PlannedMove> MovesOf(const Bearing& bearing, const ReferralModel& referral, Instant heard);

}  // namespace tilts::city_simulator
