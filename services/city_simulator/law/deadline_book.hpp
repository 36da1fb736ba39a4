#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "city_simulator/law/codes.hpp"
#include "city_simulator/law/terms.hpp"

namespace tilts::city_simulator {

enum class Clock { kAcknowledge, kAnswer, kOutcome };
const char* NameOf(Clock clock);

struct Rung {
  std::string id;
  std::optional<int> percent;
  std::optional<std::int64_t> seconds_after_start;
  std::optional<std::int64_t> seconds_after_due;
  std::optional<int> working_days_after_due;
  int min_term_days = 0;
  std::vector<std::string> audience;
  bool reminder = false;
  unsigned channel = 1;
  bool last = false;

  bool is_due_itself() const { return seconds_after_due == 0; }
};

struct Ladder {
  bool any_hour = false;
  int min_gap_working_days = 0;
  std::vector<Rung> rungs;
};

struct ClockTerm {
  Term term;
  std::string ladder;
};

// The published terms and ladders (services/referral_routing/data/policies and ladders).
class DeadlineBook {
 public:
  void Read(const std::string& folder, Reading& reading);
  // Null where the policy has no such clock.
  const ClockTerm* TermOf(const std::string& policy, Clock clock) const;
  const Ladder& LadderOf(const std::string& ladder) const { return ladders_.at(ladder); }

 private:
  void ReadPolicy(const nlohmann::json& json, const std::string& where, Reading& reading);
  void ReadLadder(const nlohmann::json& json, const std::string& where, Reading& reading);

  std::map<std::string, std::map<Clock, ClockTerm>> policies_;
  std::map<std::string, Ladder> ladders_;
};

// One rung of a running clock and when it is reached.
struct PlannedRung {
  const Rung* rung = nullptr;
  Instant at;
};

// What a ladder's times are counted from.
struct Running {
  Instant requested;
  Instant since;  // when this clock began to run
  Instant due;
  int paused_working_days = 0;
};
std::vector<PlannedRung> Climb(const Ladder& ladder, const Term& term, const Running& running, Follows follows);

}  // namespace tilts::city_simulator
