#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/city_time.hpp"
#include "referral_routing/domain/case_facts.hpp"
#include "referral_routing/domain/codes.hpp"

namespace tilts::referral_routing {

// All named conditions must hold; an empty set or an unset value asks nothing.
struct Condition {
  std::set<Stream> streams;
  std::set<Concern> concerns;    // any of
  std::set<Relation> relations;  // kUnknown must be named to match
  std::set<Place> places;
  std::set<AggravatingFact> aggravating;  // any of
  std::set<Residence> residences;
  unsigned level_min = 0;
  Urgency urgency_min = Urgency::kUnspecified;
  unsigned age_from = 0;
  unsigned age_to = 0;       // inclusive; 0: open
  bool age_unknown = false;  // with an age range: an unknown age matches too
  std::optional<bool> in_care;
  std::optional<bool> staff_alleged;
  std::optional<bool> night;
};

// The first condition that does not hold ("stream", "concern", …); empty: all hold.
std::string_view FirstMiss(const Condition& condition, const Situation& situation);

enum class TerritoryKey { kPlaceOfEvent, kSchool, kDeclaredResidence, kCity };

// What a matching rule forbids to every rule.
enum class Never {
  kParents,           // no action that tells the parents: one of them may be the offender
  kStaffInstitution,  // nothing goes to the institution whose staff is the alleged offender
  kOwnGroup,          // the city's group does not act; it may be informed
};

struct Action {
  std::vector<InstitutionKind> recipients;  // kinds in order of preference
  std::string purpose;
  ReferralKind kind = ReferralKind::kAct;
  Urgency urgency = Urgency::kRoutine;
  Duty duty = Duty::kExclusive;
  TerritoryKey territory = TerritoryKey::kCity;
  std::string policy_id;
  bool tells_parents = false;
};

struct Rule {
  std::string id;
  unsigned version = 0;
  int priority = 0;  // lower first; no two rules share one
  std::optional<core::CityTime> valid_from;
  std::optional<core::CityTime> valid_to;  // exclusive
  std::string legal_basis;
  std::vector<Condition> when;  // any of them
  bool otherwise = false;       // only where no other rule matches
  std::vector<Action> then;
  std::set<Never> never;
};

}  // namespace tilts::referral_routing
