#pragma once

#include <string>
#include <vector>

namespace tilts::notification::domain {

// An event of the log, reduced to what decides who hears of it.
struct Happening {
  enum class Kind { kMoved, kEscalated, kHandedOver, kDeadlinesMoved, kExhausted, kReportOutcome };
  Kind kind = Kind::kMoved;
  std::string actor;      // institution; empty: the rule engine or the ladder
  std::string requester;  // the coordinator when routing is exhausted
  std::string recipient;
  std::vector<std::string> told;  // whom the ladder or the outcome of a report names; who was the requester before
  unsigned channel_order = 1;
};

struct Addressee {
  std::string institution;
  bool own_move = false;  // in its feed only: it knows what it did
  bool push = false;      // also to its endpoint
  bool sees_case = false;
  unsigned channel_order = 1;

  bool operator==(const Addressee&) const = default;
};

// Both parties see every event of their referral in their feed, so that its sequence has no gaps; pushed is
// what the other side, the ladder or the rule engine did. Each institution appears once.
std::vector<Addressee> Audience(const Happening& happening);

}  // namespace tilts::notification::domain
