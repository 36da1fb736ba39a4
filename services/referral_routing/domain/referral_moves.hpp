#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "referral_routing/domain/referral.hpp"

namespace tilts::referral_routing {

// In which parts somebody acts. An institution that referred to itself is both parties.
struct Actor {
  bool recipient = false;
  bool requester = false;
  bool system = false;  // the rule engine for the coordinator, or the ladder

  static Actor System() { return {false, false, true}; }
};

struct MoveRequest {
  Move move = Move::kUnspecified;
  std::string role;
  std::string unit;
  RejectReason reject_reason = RejectReason::kUnspecified;
  bool has_note = false;  // the text itself never enters the domain
  Outcome outcome = Outcome::kUnspecified;
  std::optional<CityTime> resume_at;
  std::vector<std::string> measure_codes;
};

struct MoveResult {
  Referral referral;     // after the move
  bool changed = false;  // false: a second acknowledgement, no event
};

// The state machine. Errors:
//   kInvalid  a required field is missing (violations name it)
//   kDenied   reason MOVE_NOT_YOURS: the move belongs to the other party
//   kRefused  reason REFERRAL_STATE: not from this state (the message names it); CAPACITY_NOT_ALLOWED: an exclusive
//             duty cannot be refused for lack of capacity; CANCEL_ALREADY_REQUESTED
core::Result<MoveResult> MakeMove(const Referral& referral, const MoveRequest& request, Actor actor, CityTime now);

// What the actor could do now, in the order of the contract's list.
std::vector<Move> AvailableMoves(const Referral& referral, Actor actor);

}  // namespace tilts::referral_routing
