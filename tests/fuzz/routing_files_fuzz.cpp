// Rules, policies and ladders of referral_routing's data folder: the same text is tried as each.
#include "referral_routing/app/rule_files.hpp"
#include "referral_routing/domain/rule_check.hpp"
#include "require.hpp"
#include "wire/json.hpp"

namespace tilts::referral_routing {
namespace {

using fuzz::Require;

template <typename File, typename Convert>
auto Read(std::string_view text, const Convert& convert) -> decltype(convert(File())) {
  File file;
  TILTS_CHECK(wire::FromJson(text, file));
  return convert(file);
}

// A set that passes the checks can be trusted: every rule has what acting on it takes.
void RequireRule(const Rule& rule) {
  const RuleSet rules("1.1", {rule});
  const core::Status checked = CheckRules(rules, PolicySet(), {});
  Require(!checked, "a rule alone leaves gaps and is refused");
  fuzz::RequireTold(checked.error());
}

void RequirePolicies(const core::Result<Ladder>& ladder, const core::Result<Policy>& policy) {
  PolicySet policies;
  if (ladder) policies.ladders["the-ladder"] = *ladder;
  if (policy) policies.policies["the-policy"] = *policy;
  const core::Status checked = CheckPolicies(policies);
  if (!checked) fuzz::RequireTold(checked.error());
}

}  // namespace
}  // namespace tilts::referral_routing

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using namespace tilts::referral_routing;
  const std::string_view text = fuzz::Input(data, size);
  const auto rule = Read<referrals::v1::RuleFile>(text, RuleOf);
  const auto ladder = Read<referrals::v1::LadderFile>(text, LadderOf);
  const auto policy = Read<referrals::v1::PolicyFile>(text, PolicyOf);
  if (rule) {
    RequireRule(*rule);
  } else {
    fuzz::RequireTold(rule.error());
  }
  RequirePolicies(ladder, policy);
  return 0;
}
