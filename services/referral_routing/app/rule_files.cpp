#include "referral_routing/app/rule_files.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "wire/codes.hpp"
#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

using core::Errc;
using core::Fail;
using core::Result;
using wire::Code;
using wire::CodesOf;

tl::unexpected<core::Error> Unset(const std::string& id, const std::string& field) {
  return Fail(Errc::kInvalid, id + ": say " + field + " with a code of the contract", "CODE_MISSING");
}

// Ids stand in paths of complaints, in logs and in explanations. One that is missing is told by the checks.
core::Status CheckId(std::string_view id) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  if (std::ranges::all_of(id, allowed)) return {};
  return Fail(Errc::kInvalid, "an id is of lower-case letters, digits, hyphens and underscores: write it so",
              "ID_FORM");
}

// Residence codes start at 1 in the file, the domain has no UNSPECIFIED.
std::set<Residence> ResidencesOf(const google::protobuf::RepeatedField<int>& numbers) {
  std::set<Residence> residences;
  for (const int number : numbers) residences.insert(static_cast<Residence>(number - 1));
  return residences;
}

Condition ConditionOf(const referrals::v1::RuleCondition& file) {
  Condition condition;
  condition.streams = CodesOf<Stream>(file.streams());
  condition.concerns = CodesOf<Concern>(file.concerns());
  condition.relations = CodesOf<Relation>(file.relations());
  condition.places = CodesOf<Place>(file.places());
  condition.aggravating = CodesOf<AggravatingFact>(file.aggravating());
  condition.residences = ResidencesOf(file.residences());
  condition.level_min = file.level_min();
  condition.urgency_min = Code<Urgency>(file.urgency_min());
  condition.age_from = file.age_from();
  condition.age_to = file.age_to();
  condition.age_unknown = file.age_unknown();
  if (file.has_in_out_of_family_care()) condition.in_care = file.in_out_of_family_care();
  if (file.has_staff_alleged()) condition.staff_alleged = file.staff_alleged();
  if (file.has_night()) condition.night = file.night();
  return condition;
}

Result<Action> ActionOf(const referrals::v1::RuleAction& file, const std::string& rule) {
  Action action;
  for (const int kind : file.recipients()) action.recipients.push_back(static_cast<InstitutionKind>(kind));
  action.purpose = file.purpose();
  action.kind = Code<ReferralKind>(file.kind());
  action.urgency = Code<Urgency>(file.urgency());
  action.duty = Code<Duty>(file.duty());
  if (action.kind == ReferralKind::kUnspecified) return Unset(rule, "kind");
  if (action.urgency == Urgency::kUnspecified) return Unset(rule, "urgency");
  if (action.duty == Duty::kUnspecified) return Unset(rule, "duty");
  if (file.territory() == referrals::v1::TERRITORY_KEY_UNSPECIFIED) return Unset(rule, "territory");
  action.territory = static_cast<TerritoryKey>(file.territory() - 1);
  action.policy_id = file.policy();
  action.tells_parents = file.tells_parents();
  return action;
}

Result<Rung> RungOf(const referrals::v1::LadderRung& file, const std::string& ladder) {
  Rung rung;
  rung.id = file.id();
  switch (file.at_case()) {
    case referrals::v1::LadderRung::kPercent: rung.at = AtPercent{static_cast<int>(file.percent())}; break;
    case referrals::v1::LadderRung::kSecondsAfterStart: rung.at = AfterStart{file.seconds_after_start()}; break;
    case referrals::v1::LadderRung::kSecondsAfterDue: rung.at = AfterDue{file.seconds_after_due(), 0}; break;
    case referrals::v1::LadderRung::kWorkingDaysAfterDue:
      rung.at = AfterDue{0, static_cast<int>(file.working_days_after_due())};
      break;
    case referrals::v1::LadderRung::AT_NOT_SET: return Unset(ladder, "when rung " + file.id() + " lies");
  }
  rung.min_term_days = static_cast<int>(file.min_term_days());
  for (const int audience : file.audience()) {
    if (audience == referrals::v1::AUDIENCE_UNSPECIFIED) return Unset(ladder, "the audience");
    rung.audience.push_back(static_cast<Audience>(audience - 1));
  }
  rung.reminder = file.reminder();
  rung.channel = file.channel() == 0 ? 1 : file.channel();
  rung.last = file.last();
  return rung;
}

Result<ClockRule> ClockOf(const referrals::v1::PolicyClock& file, const std::string& policy) {
  const auto kind = calendar::ParseDeadlineKind(file.kind());
  if (!kind) return Unset(policy, "the kind of deadline");
  return ClockRule{{*kind, file.amount(), {}}, file.ladder()};
}

}  // namespace

Result<Rule> RuleOf(const referrals::v1::RuleFile& file) {
  TILTS_CHECK(CheckId(file.id()));
  Rule rule;
  rule.id = file.id();
  rule.version = file.version();
  rule.priority = file.priority();
  if (file.has_valid_from()) {
    TILTS_ASSIGN(rule.valid_from, wire::FromTimestamp(file.valid_from()));
  }
  if (file.has_valid_to()) {
    TILTS_ASSIGN(rule.valid_to, wire::FromTimestamp(file.valid_to()));
  }
  rule.legal_basis = file.legal_basis();
  rule.otherwise = file.otherwise();
  for (const auto& condition : file.when()) rule.when.push_back(ConditionOf(condition));
  for (const auto& action : file.then()) {
    TILTS_ASSIGN(Action read, ActionOf(action, file.id()));
    rule.then.push_back(std::move(read));
  }
  for (const int never : file.never()) {
    if (never == referrals::v1::NEVER_INFORM_UNSPECIFIED) return Unset(file.id(), "who is never informed");
    rule.never.insert(static_cast<Never>(never - 1));
  }
  return rule;
}

Result<Ladder> LadderOf(const referrals::v1::LadderFile& file) {
  TILTS_CHECK(CheckId(file.id()));
  Ladder ladder;
  ladder.id = file.id();
  ladder.version = file.version();
  ladder.any_hour = file.any_hour();
  ladder.min_gap_working_days = static_cast<int>(file.min_gap_working_days());
  for (const auto& rung : file.rungs()) {
    TILTS_CHECK(CheckId(rung.id()));
    TILTS_ASSIGN(Rung read, RungOf(rung, file.id()));
    ladder.rungs.push_back(std::move(read));
  }
  return ladder;
}

Result<Policy> PolicyOf(const referrals::v1::PolicyFile& file) {
  TILTS_CHECK(CheckId(file.id()));
  Policy policy;
  policy.id = file.id();
  policy.version = file.version();
  if (file.has_acknowledge()) {
    TILTS_ASSIGN(policy.clocks[ClockName::kAcknowledge], ClockOf(file.acknowledge(), file.id()));
  }
  if (file.has_answer()) {
    TILTS_ASSIGN(policy.clocks[ClockName::kAnswer], ClockOf(file.answer(), file.id()));
  }
  if (file.has_outcome()) {
    TILTS_ASSIGN(policy.clocks[ClockName::kOutcome], ClockOf(file.outcome(), file.id()));
  }
  return policy;
}

}  // namespace tilts::referral_routing
