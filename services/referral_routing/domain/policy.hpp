#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "calendar/deadline.hpp"

namespace tilts::referral_routing {

enum class ClockName { kAcknowledge, kAnswer, kOutcome };
std::string_view ToString(ClockName clock);  // "acknowledge", "answer", "outcome"

// Who hears of a rung.
enum class Audience { kRecipient, kRecipientHead, kCoordinator, kGroup, kSupervisor, kDutyBody };

// When a rung lies.
struct AtPercent {
  int percent = 0;
};
struct AfterStart {
  std::int64_t seconds = 0;
};
struct AfterDue {
  std::int64_t seconds = 0;  // of the clock
  int working_days = 0;      // opening of the n-th working day after the one the due rung fires on
};

struct Rung {
  std::string id;  // "remind-50"; unique within its ladder
  std::variant<AtPercent, AfterStart, AfterDue> at;
  int min_term_days = 0;  // left out of terms shorter than this many days; a term by the clock has none
  std::vector<Audience> audience;
  bool reminder = false;
  unsigned channel = 1;  // 1: the institution's first registered endpoint, 2: the second
  // The ladder's end: a replaceable duty expires where its state allows it, any other stays open and OVERDUE.
  bool last = false;
};

struct Ladder {
  std::string id;
  unsigned version = 0;
  bool any_hour = false;         // imminent danger and same-day duties: may fire at night and on days off
  int min_gap_working_days = 1;  // a reminder that lies closer to the rung before it is left out; 0: no gap
  std::vector<Rung> rungs;
};

struct ClockRule {
  calendar::Deadline deadline;
  std::string ladder_id;
};

struct Policy {
  std::string id;
  unsigned version = 0;
  std::map<ClockName, ClockRule> clocks;
};

struct PolicySet {
  std::map<std::string, Policy> policies;
  std::map<std::string, Ladder> ladders;

  const Policy* FindPolicy(const std::string& id) const;
  const Ladder* FindLadder(const std::string& id) const;
};

}  // namespace tilts::referral_routing
