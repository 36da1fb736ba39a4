#pragma once

#include <string>
#include <vector>

#include "referral_routing/domain/institution.hpp"
#include "referral_routing/domain/referral.hpp"
#include "referral_routing/domain/rule_set.hpp"

namespace tilts::referral_routing {

// Policy of the task a coordinator gets when nobody else is left; every policy set must have it.
inline constexpr char kTaskPolicy[] = "task";
inline constexpr char kTaskPrefix[] = "TASK_";

// A referral to be sent now.
struct Planned {
  Ask ask;
  InstitutionId requester;
  InstitutionId recipient;
  InstitutionKind recipient_kind = InstitutionKind::kUnspecified;
  core::ReferralId replaces;  // rejected or expired
};

struct Plan {
  std::vector<Planned> sends;
  // Cancelled, nobody having accepted them: a more urgent one takes their place, or what is known now forbids them.
  std::vector<core::ReferralId> withdrawn;
  std::vector<Ask> exhausted;  // nobody is left; the coordinator's task is among `sends`
  bool empty() const { return sends.empty() && withdrawn.empty() && exhausted.empty(); }
};

// What the rules ask of this case beyond what was sent already. A purpose is asked once in the life of a case, however
// it ended; a more urgent rule replaces a referral nobody accepted yet. What a rule forbids now (the parents' part came
// to light, the school's own staff is accused) is withdrawn. A case that would reach nobody becomes a task of its
// coordinator.
Plan PlanCase(const Evaluation& evaluation, const Situation& situation, const std::vector<Institution>& institutions,
              const std::vector<Referral>& existing);

// Who takes over a rejected or expired referral: the next competent institution that did not have it, else the
// coordinator by a task. Nothing for notices, and nothing where the recipient says that somebody works on it already.
Plan PlanReplacement(const Referral& ended, const Evaluation& evaluation, const Situation& situation,
                     const std::vector<Institution>& institutions, const std::vector<Referral>& existing);

// The municipality a territory key means here.
std::string ResolveTerritory(TerritoryKey key, const Situation& situation);

}  // namespace tilts::referral_routing
