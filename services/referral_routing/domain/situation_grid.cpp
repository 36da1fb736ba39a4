#include "referral_routing/domain/situation_grid.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace tilts::referral_routing {
namespace {

constexpr char kHome[] = "home";
constexpr char kElsewhere[] = "elsewhere";

struct Values {
  std::set<Place> places{static_cast<Place>(-1)};
  std::set<unsigned> levels{0};
  std::set<Urgency> urgencies{Urgency::kUnspecified};
  std::set<unsigned> ages{0, 1};
};

Values ValuesOf(const RuleSet& rules) {
  Values values;
  for (const Rule& rule : rules.rules()) {
    for (const Condition& condition : rule.when) {
      values.places.insert(condition.places.begin(), condition.places.end());
      values.levels.insert(condition.level_min);
      values.urgencies.insert(condition.urgency_min);
      if (condition.age_from > 0) values.ages.insert(condition.age_from);
      if (condition.age_to > 0) values.ages.insert({condition.age_to, condition.age_to + 1});
    }
  }
  return values;
}

template <typename T>
std::vector<std::set<T>> EmptyOrSingles(const std::set<T>& named) {
  if (named.empty()) return {{}};
  std::vector<std::set<T>> sets;
  for (const T& value : named) sets.push_back({value});
  return sets;
}

template <typename T>
std::set<T> Named(const std::set<T>& named, std::set<T> otherwise) {
  return named.empty() ? std::move(otherwise) : named;
}

std::set<bool> Flag(const std::optional<bool>& named) {
  return named ? std::set<bool>{*named} : std::set<bool>{false, true};
}

class Walk {
 public:
  Walk(const RuleSet& rules, const Condition& focus, core::CityTime at,
       const std::function<bool(const Situation&)>& visit)
      : focus_(focus), values_(ValuesOf(rules)), visit_(visit) {
    situation_.home = kHome;
    situation_.at = at;
  }

  bool Run() {
    for (const Stream stream : {Stream::kPmp, Stream::kViolence, Stream::kRights}) {
      if (!focus_.streams.empty() && !focus_.streams.contains(stream)) continue;
      situation_.facts.stream = stream;
      for (const auto& concerns : EmptyOrSingles(focus_.concerns)) {
        situation_.facts.concerns = concerns;
        for (const auto& aggravating : EmptyOrSingles(focus_.aggravating)) {
          situation_.facts.aggravating = aggravating;
          if (!RelationsAndPlaces()) return false;
        }
      }
    }
    return true;
  }

 private:
  bool RelationsAndPlaces() {
    static const std::set<Relation> kAll{Relation::kUnknown, Relation::kPeer, Relation::kAdultChild,
                                         Relation::kChildAdult, Relation::kFamily};
    for (const Relation relation : Named(focus_.relations, kAll)) {
      situation_.facts.relation = relation;
      for (const Place place : Named(focus_.places, values_.places)) {
        situation_.facts.place = place;
        if (!Degrees()) return false;
      }
    }
    return true;
  }

  bool Degrees() {
    for (const unsigned level : values_.levels) {
      if (level < focus_.level_min) continue;
      situation_.facts.level = level;
      for (const Urgency urgency : values_.urgencies) {
        if (urgency < focus_.urgency_min) continue;
        situation_.facts.urgency = urgency;
        for (const unsigned age : values_.ages) {
          situation_.facts.age_years = age;
          if (!ResidencesAndFlags()) return false;
        }
      }
    }
    return true;
  }

  bool ResidencesAndFlags() {
    for (const char* residence : {"", kHome, kElsewhere}) {
      situation_.facts.residence_municipality = residence;
      for (const bool in_care : Flag(focus_.in_care)) {
        situation_.facts.in_out_of_family_care = in_care;
        for (const bool staff : Flag(focus_.staff_alleged)) {
          situation_.facts.staff_alleged = staff;
          for (const bool night : Flag(focus_.night)) {
            situation_.night = night;
            if (!visit_(situation_)) return false;
          }
        }
      }
    }
    return true;
  }

  const Condition& focus_;
  Values values_;
  const std::function<bool(const Situation&)>& visit_;
  Situation situation_;
};

}  // namespace

bool VisitSituations(const RuleSet& rules, const Condition& focus, core::CityTime at,
                     const std::function<bool(const Situation&)>& visit) {
  return Walk(rules, focus, at, visit).Run();
}

}  // namespace tilts::referral_routing
