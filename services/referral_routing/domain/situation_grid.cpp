#include "referral_routing/domain/situation_grid.hpp"

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
std::vector<std::set<T>> EmptyAndSingles(const std::set<T>& named) {
  std::vector<std::set<T>> sets{{}};
  for (const T& value : named) sets.push_back({value});
  return sets;
}

class Walk {
 public:
  Walk(const RuleSet& rules, const Condition& focus, core::CityTime at, const std::function<bool(const Situation&)>& visit)
      : focus_(focus), values_(ValuesOf(rules)), visit_(visit) {
    situation_.home = kHome;
    situation_.at = at;
  }

  bool Run() {
    for (const Stream stream : {Stream::kPmp, Stream::kViolence, Stream::kRights}) {
      if (!focus_.streams.empty() && !focus_.streams.contains(stream)) continue;
      situation_.facts.stream = stream;
      for (const auto& concerns : EmptyAndSingles(focus_.concerns)) {
        situation_.facts.concerns = concerns;
        for (const auto& aggravating : EmptyAndSingles(focus_.aggravating)) {
          situation_.facts.aggravating = aggravating;
          if (!RelationsAndPlaces()) return false;
        }
      }
    }
    return true;
  }

 private:
  bool RelationsAndPlaces() {
    for (int relation = 0; relation <= static_cast<int>(Relation::kFamily); ++relation) {
      situation_.facts.relation = static_cast<Relation>(relation);
      for (const Place place : values_.places) {
        situation_.facts.place = place;
        if (!Degrees()) return false;
      }
    }
    return true;
  }

  bool Degrees() {
    for (const unsigned level : values_.levels) {
      situation_.facts.level = level;
      for (const Urgency urgency : values_.urgencies) {
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
      for (unsigned bits = 0; bits < 8; ++bits) {
        situation_.facts.in_out_of_family_care = (bits & 1U) != 0;
        situation_.facts.staff_alleged = (bits & 2U) != 0;
        situation_.night = (bits & 4U) != 0;
        if (!visit_(situation_)) return false;
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
