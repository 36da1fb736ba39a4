#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/law/deadline_book.hpp"
#include "city_simulator/law/rule_book.hpp"

namespace tilts::city_simulator {

// A referral as the simulator reckons it: what has to be seen through the API.
struct ReferralModel {
  std::string key;  // "<case>/<purpose>.<n>": names it in the ledger, whatever random id it got
  std::size_t case_index = 0;
  Ask ask;
  std::string territory;
  std::string requester;
  std::string recipient;
  codes::v1::ReferralState state = codes::v1::REFERRAL_STATE_REQUESTED;
  codes::v1::ReferralState before_hold = codes::v1::REFERRAL_STATE_UNSPECIFIED;
  bool overdue = false;
  unsigned sequence = 0;
  Instant requested;
  std::optional<Instant> received, answered, ended;
  std::map<Clock, Instant> due;
  std::vector<Pause> pauses;
  std::map<Clock, std::set<std::string>> fired;
  codes::v1::RejectReason reject_reason = codes::v1::REJECT_REASON_UNSPECIFIED;
  codes::v1::ReferralOutcome outcome = codes::v1::REFERRAL_OUTCOME_UNSPECIFIED;
  bool stands_in = false;  // for one that was rejected or left alone

  bool is_notice() const { return ask.kind == codes::v1::REFERRAL_KIND_INFORM; }
  bool is_replaceable() const { return ask.duty == codes::v1::DUTY_REPLACEABLE; }
  bool is_waiting() const;   // neither accepted nor ended
  bool is_accepted() const;  // somebody works on it
  bool is_open() const;      // somebody owes something
};

// A move of one of the parties, or of the system.
struct MoveModel {
  codes::v1::ReferralMove move = codes::v1::REFERRAL_MOVE_UNSPECIFIED;
  std::string actor;  // empty: the system
  codes::v1::RejectReason reject_reason = codes::v1::REJECT_REASON_UNSPECIFIED;
  codes::v1::ReferralOutcome outcome = codes::v1::REFERRAL_OUTCOME_UNSPECIFIED;
  std::optional<Instant> resume_at;
};

// What the move makes of the referral; false when it is not possible from its state. A second acknowledgement is
// possible and changes nothing: `changed` says so.
bool Apply(ReferralModel& referral, const MoveModel& move, Instant at, bool& changed);

// The due times from the moment of the request, by the recipient's calendar; pauses move the outcome.
void SetDueTimes(ReferralModel& referral, const DeadlineBook& book, Follows follows);

struct NextRung {
  Clock clock = Clock::kAcknowledge;
  const Rung* rung = nullptr;
  Instant at;
};
// The first rung of the running clock that lies after every one that fired.
std::optional<NextRung> NextRungOf(const ReferralModel& referral, const DeadlineBook& book, Follows follows);

}  // namespace tilts::city_simulator
