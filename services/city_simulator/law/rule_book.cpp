#include "city_simulator/law/rule_book.hpp"

#include <algorithm>
#include <filesystem>

namespace tilts::city_simulator {
namespace {

namespace code = codes::v1;
using nlohmann::json;

template <typename Code>
bool Names(const std::set<Code>& asked, Code present) {
  return asked.empty() || asked.contains(present);
}

template <typename Code>
bool NamesAny(const std::set<Code>& asked, const std::set<Code>& present) {
  return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](Code each) { return present.contains(each); });
}

std::string ResidenceOf(const Occasion& occasion) {
  if (occasion.picture.residence.empty()) return "RESIDENCE_UNSPECIFIED";
  return occasion.picture.residence == occasion.home ? "RESIDENCE_INSIDE" : "RESIDENCE_OUTSIDE";
}

std::optional<bool> Flag(const json& object, const char* key) {
  return object.contains(key) ? std::optional(object.at(key).get<bool>()) : std::nullopt;
}

std::optional<Instant> TimeAt(const json& object, const char* key) {
  return object.contains(key) ? Read(object.at(key).get<std::string>()) : std::nullopt;
}

}  // namespace

bool RuleBook::Condition::Holds(const Occasion& occasion) const {
  const Picture& picture = occasion.picture;
  const bool any_age = age_from == 0 && age_to == 0;
  const bool age_fits =
      any_age || (picture.age == 0 ? age_unknown : picture.age >= age_from && (age_to == 0 || picture.age <= age_to));
  return Names(streams, picture.stream) && NamesAny(concerns, picture.concerns) && Names(relations, picture.relation) &&
         Names(places, picture.place) && NamesAny(aggravating, picture.aggravating) &&
         Names(residences, ResidenceOf(occasion)) && picture.level >= level_min && picture.urgency >= urgency_min &&
         age_fits && in_care.value_or(picture.in_care) == picture.in_care &&
         staff_alleged.value_or(picture.staff_alleged) == picture.staff_alleged &&
         night.value_or(occasion.night) == occasion.night;
}

bool RuleBook::Rule::Matches(const Occasion& occasion) const {
  if ((valid_from && occasion.at < *valid_from) || (valid_to && occasion.at >= *valid_to)) return false;
  return when.empty() ||
         std::any_of(when.begin(), when.end(), [&](const Condition& condition) { return condition.Holds(occasion); });
}

RuleBook::Judgement RuleBook::Judge(const Occasion& occasion) const {
  std::vector<const Rule*> matching;
  for (const Rule& rule : rules_) {
    if (!rule.otherwise && rule.Matches(occasion)) matching.push_back(&rule);
  }
  if (matching.empty()) {
    for (const Rule& rule : rules_) {
      if (rule.otherwise && rule.Matches(occasion)) matching.push_back(&rule);
    }
  }
  Judgement judgement;
  std::set<std::string> never;
  for (const Rule* rule : matching) {
    judgement.matched.insert(rule->id);
    never.insert(rule->never.begin(), rule->never.end());
  }
  judgement.staff_institution_barred = never.contains("NEVER_INFORM_STAFF_INSTITUTION");
  judgement.parents_barred = never.contains("NEVER_INFORM_PARENTS");
  for (const Rule* rule : matching) {
    for (const Ask& ask : rule->then) {
      if (ask.tells_parents && never.contains("NEVER_INFORM_PARENTS")) continue;
      const bool group_acts = ask.kind == code::REFERRAL_KIND_ACT && !ask.recipients.empty() &&
                              ask.recipients.front() == code::INSTITUTION_KIND_COOPERATION_GROUP;
      if (group_acts && never.contains("NEVER_INFORM_OWN_GROUP_ACT")) continue;
      const auto same = std::find_if(judgement.asks.begin(), judgement.asks.end(),
                                     [&](const Ask& other) { return other.purpose == ask.purpose; });
      if (same == judgement.asks.end()) {
        judgement.asks.push_back(ask);
      } else if (same->urgency < ask.urgency) {
        *same = ask;
      }
    }
  }
  std::stable_sort(judgement.asks.begin(), judgement.asks.end(),
                   [](const Ask& left, const Ask& right) { return left.urgency > right.urgency; });
  return judgement;
}

RuleBook::Condition RuleBook::ReadCondition(const json& object, const std::string& where, Reading& reading) {
  reading.KnowsOnly(
      object,
      {"streams", "concerns", "relations", "places", "aggravating", "residences", "level_min", "urgency_min",
       "age_from", "age_to", "age_unknown", "in_out_of_family_care", "staff_alleged", "night"},
      where);
  Condition condition;
  condition.streams = reading.Codes<code::Stream>(object, "streams", code::Stream_descriptor(), where);
  condition.concerns = reading.Codes<code::ConcernCode>(object, "concerns", code::ConcernCode_descriptor(), where);
  condition.relations = reading.Codes<code::Relation>(object, "relations", code::Relation_descriptor(), where);
  condition.places = reading.Codes<code::Place>(object, "places", code::Place_descriptor(), where);
  condition.aggravating =
      reading.Codes<code::AggravatingFact>(object, "aggravating", code::AggravatingFact_descriptor(), where);
  for (const auto& residence : object.value("residences", json::array()))
    condition.residences.insert(residence.get<std::string>());
  condition.level_min = object.value("level_min", 0U);
  if (object.contains("urgency_min")) {
    condition.urgency_min = reading.Code<code::Urgency>(object["urgency_min"], code::Urgency_descriptor(), where);
  }
  condition.age_from = object.value("age_from", 0U);
  condition.age_to = object.value("age_to", 0U);
  condition.age_unknown = object.value("age_unknown", false);
  condition.in_care = Flag(object, "in_out_of_family_care");
  condition.staff_alleged = Flag(object, "staff_alleged");
  condition.night = Flag(object, "night");
  return condition;
}

Ask RuleBook::ReadAsk(const json& object, const std::string& where, Reading& reading) {
  reading.KnowsOnly(
      object, {"recipients", "purpose", "kind", "urgency", "duty", "territory", "policy", "tells_parents"}, where);
  Ask ask;
  for (const auto& kind : object.value("recipients", json::array())) {
    ask.recipients.push_back(reading.Code<code::InstitutionKind>(kind, code::InstitutionKind_descriptor(), where));
  }
  ask.purpose = object.value("purpose", "");
  ask.kind = reading.Code<code::ReferralKind>(object.value("kind", ""), code::ReferralKind_descriptor(), where);
  ask.urgency = reading.Code<code::Urgency>(object.value("urgency", ""), code::Urgency_descriptor(), where);
  ask.duty = reading.Code<code::Duty>(object.value("duty", ""), code::Duty_descriptor(), where);
  ask.territory_key = object.value("territory", "");
  ask.policy = object.value("policy", "");
  ask.tells_parents = object.value("tells_parents", false);
  return ask;
}

void RuleBook::ReadRule(const json& object, const std::string& where, Reading& reading) {
  reading.KnowsOnly(object,
                    {"id", "version", "title", "legal_basis", "valid_from", "valid_to", "priority", "when", "then",
                     "otherwise", "never"},
                    where);
  Rule rule;
  rule.id = object.value("id", "");
  rule.priority = object.value("priority", 0);
  rule.valid_from = TimeAt(object, "valid_from");
  rule.valid_to = TimeAt(object, "valid_to");
  rule.otherwise = object.value("otherwise", false);
  for (const auto& condition : object.value("when", json::array()))
    rule.when.push_back(ReadCondition(condition, where, reading));
  for (const auto& action : object.value("then", json::array())) {
    rule.then.push_back(ReadAsk(action, where, reading));
    rule.then.back().rule = rule.id;
    rule.then.back().rule_version = object.value("version", 0U);
  }
  for (const auto& never : object.value("never", json::array())) {
    static const std::set<std::string> kKnown = {"NEVER_INFORM_PARENTS", "NEVER_INFORM_STAFF_INSTITUTION",
                                                 "NEVER_INFORM_OWN_GROUP_ACT"};
    if (!kKnown.contains(never.get<std::string>())) reading.Complain(where + ": unknown " + never.get<std::string>());
    rule.never.insert(never.get<std::string>());
  }
  rules_.push_back(std::move(rule));
}

void RuleBook::Read(const std::string& folder, Reading& reading) {
  if (!std::filesystem::is_directory(folder)) return reading.Complain(folder + " is no folder of rules");
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    ReadRule(reading.File(entry.path().string()), entry.path().string(), reading);
  }
  std::sort(rules_.begin(), rules_.end(),
            [](const Rule& left, const Rule& right) { return left.priority < right.priority; });
  if (rules_.empty()) reading.Complain(folder + " has no rules");
}

std::set<std::string> RuleBook::ids() const {
  std::set<std::string> ids;
  for (const Rule& rule : rules_) ids.insert(rule.id);
  return ids;
}

std::set<code::InstitutionKind> RuleBook::kinds() const {
  std::set<code::InstitutionKind> kinds;
  for (const Rule& rule : rules_) {
    for (const Ask& ask : rule.then) {
      if (!ask.recipients.empty()) kinds.insert(ask.recipients.front());
    }
  }
  return kinds;
}

}  // namespace tilts::city_simulator
