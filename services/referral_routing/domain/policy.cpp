#include "referral_routing/domain/policy.hpp"

namespace tilts::referral_routing {

std::string_view ToString(ClockName clock) {
  switch (clock) {
    case ClockName::kAcknowledge: return "acknowledge";
    case ClockName::kAnswer: return "answer";
    case ClockName::kOutcome: return "outcome";
  }
  return "unknown";
}

const Policy* PolicySet::FindPolicy(const std::string& id) const {
  const auto found = policies.find(id);
  return found == policies.end() ? nullptr : &found->second;
}

const Ladder* PolicySet::FindLadder(const std::string& id) const {
  const auto found = ladders.find(id);
  return found == ladders.end() ? nullptr : &found->second;
}

}  // namespace tilts::referral_routing
