#include <algorithm>
#include <set>
#include <utility>

#include "core/concat.hpp"
#include "risk_scoring/domain/card.hpp"

namespace tilts::risk_scoring {
namespace {

// The history kept reaches back over the whole school year before this one.
constexpr unsigned kLongestSchoolDays = 150;
constexpr unsigned kLongestCalendarDays = 365;
constexpr int kMostPoints = 30;
constexpr unsigned kMostCap = 100;

class Checker {
 public:
  explicit Checker(const Card& card) : card_(card) {}

  std::vector<core::Violation> Check() {
    Require(!card_.id.empty(), "card_id", "FIELD_MISSING", "name the card");
    Require(card_.version > 0, "version", "FIELD_MISSING", "number its versions from 1");
    Require(!card_.source.empty(), "source", "FIELD_MISSING", "say where the points come from");
    Require(card_.pass_mark >= 1 && card_.pass_mark <= 10, "pass_mark", "OUT_OF_RANGE", "a mark from 1 to 10");
    Require(!card_.factors.empty(), "factors", "FIELD_MISSING", "a card needs a factor");
    CheckDomains();
    for (std::size_t i = 0; i < card_.factors.size(); ++i) CheckFactor(i);
    CheckTiers();
    CheckRules();
    return std::move(found_);
  }

 private:
  void Require(bool holds, std::string field, const char* code, const char* message) {
    if (!holds) found_.push_back({std::move(field), code, message});
  }

  void CheckDomains() {
    std::set<std::string> names;
    for (std::size_t i = 0; i < card_.domains.size(); ++i) {
      const PointsDomain& domain = card_.domains[i];
      const std::string at = core::Concat("domains[", i, "]");
      Require(!domain.domain.empty() && names.insert(domain.domain).second, at + ".domain", "DUPLICATE_ID",
              "give each domain a name of its own");
      Require(domain.cap >= 1 && domain.cap <= kMostCap, at + ".cap", "OUT_OF_RANGE", "1 to 100");
      const bool used = std::any_of(card_.factors.begin(), card_.factors.end(),
                                    [&](const Factor& factor) { return factor.domain == domain.domain; });
      Require(used, at + ".domain", "UNUSED_DOMAIN", "no factor is in it");
    }
  }

  void CheckFactor(std::size_t index) {
    const Factor& factor = card_.factors[index];
    const std::string at = core::Concat("factors[", index, "]");
    Require(!factor.id.empty() && ids_.insert(factor.id).second, at + ".factor_id", "DUPLICATE_ID",
            "give each factor an id of its own");
    const bool known = std::any_of(card_.domains.begin(), card_.domains.end(),
                                   [&](const PointsDomain& domain) { return domain.domain == factor.domain; });
    Require(known, at + ".domain", "UNKNOWN_DOMAIN", "name one of the card's domains");
    const bool measure = factor.measure > Measure::kUnspecified && factor.measure <= Measure::kSchoolChanges;
    Require(measure, at + ".measure", "UNKNOWN_MEASURE", "name a measure of the contract");
    Require(measures_.insert(factor.measure).second, at + ".measure", "DUPLICATE_MEASURE",
            "ask each measure once; more bins say more about it");
    CheckWindow(factor, at);
    CheckBins(factor, at);
  }

  void CheckWindow(const Factor& factor, const std::string& at) {
    const char* code = "WRONG_WINDOW";
    switch (factor.measure) {
      case Measure::kAbsenceShare:
        return Require(
            factor.window_unit == WindowUnit::kSchoolDays && factor.window >= 1 && factor.window <= kLongestSchoolDays,
            at + ".window", code, "1 to 150 school days");
      case Measure::kIncidents:
      case Measure::kSuspensions:
      case Measure::kSchoolChanges:
        return Require(factor.window_unit == WindowUnit::kCalendarDays && factor.window >= 1 &&
                           factor.window <= kLongestCalendarDays,
                       at + ".window", code, "1 to 365 calendar days");
      case Measure::kUnexcusedLessons:
        return Require(factor.window_unit == WindowUnit::kSemester && factor.window == 0, at + ".window", code,
                       "the semester");
      case Measure::kUnspecified:
      case Measure::kSilentSchoolDays:
      case Measure::kFailingSubjects:
      case Measure::kMarkFall:
      case Measure::kRepetitions:
        return Require(factor.window_unit == WindowUnit::kUnspecified && factor.window == 0, at + ".window", code,
                       "the measure has a window of its own");
    }
  }

  void CheckBins(const Factor& factor, const std::string& at) {
    Require(!factor.bins.empty(), at + ".bins", "FIELD_MISSING", "a factor needs a bin");
    for (std::size_t i = 0; i < factor.bins.size(); ++i) {
      const Bin& bin = factor.bins[i];
      const std::string where = core::Concat(at, ".bins[", i, "]");
      Require(bin.at_least >= 1, where + ".at_least", "OUT_OF_RANGE", "1 or more: nothing seen has no points");
      Require(bin.points >= 1 && bin.points <= kMostPoints, where + ".points", "OUT_OF_RANGE", "1 to 30");
      Require(!bin.evidence.empty(), where + ".evidence", "FIELD_MISSING", "say where the number comes from");
      if (i == 0) continue;
      const Bin& lower = factor.bins[i - 1];
      Require(bin.at_least > lower.at_least, where + ".at_least", "NOT_RISING", "more than the bin before");
      Require(bin.points > lower.points, where + ".points", "NOT_RISING", "more than the bin before");
    }
  }

  void CheckTiers() {
    std::set<unsigned> tiers;
    for (std::size_t i = 0; i < card_.tiers.size(); ++i) {
      const TierRule& rule = card_.tiers[i];
      const std::string at = core::Concat("tiers[", i, "]");
      tiers.insert(rule.tier);
      Require(rule.tier == 2 || rule.tier == 3, at + ".tier", "OUT_OF_RANGE", "2 or 3");
      Require(rule.points_at_least > 0 || rule.domains_at_least > 0 || !rule.floors.empty(), at, "NO_CONDITION",
              "a rule that always holds proposes everybody");
      for (std::size_t f = 0; f < rule.floors.size(); ++f) {
        const std::string where = core::Concat(at, ".floors[", f, "]");
        Require(ids_.contains(rule.floors[f].factor_id), where + ".factor_id", "UNKNOWN_FACTOR",
                "name one of the card's factors");
        Require(rule.floors[f].at_least >= 1, where + ".at_least", "OUT_OF_RANGE", "1 or more");
      }
    }
    Require(tiers.contains(2) && tiers.contains(3), "tiers", "NO_TIER_RULE", "a rule for tier 2 and one for tier 3");
  }

  void CheckRules() {
    const AbstentionRule& abstention = card_.abstention;
    Require(abstention.records_expected_per_mille <= 1000, "abstention.records_expected_per_mille", "OUT_OF_RANGE",
            "0 to 1000");
    Require(abstention.enrolled_school_days_at_least <= kLongestSchoolDays, "abstention.enrolled_school_days_at_least",
            "OUT_OF_RANGE", "0 to 150");
    const StatutoryLimit& limit = card_.limit;
    Require(limit.lessons >= 1, "limit.lessons", "FIELD_MISSING", "lessons in a semester that do not cross it yet");
    Require(limit.unknown_grace_school_days <= kLongestSchoolDays, "limit.unknown_grace_school_days", "OUT_OF_RANGE",
            "0 to 150");
    Require(!limit.legal_basis.empty() && !limit.legal_version.empty(), "limit.legal_basis", "FIELD_MISSING",
            "name the law and the date of its text");
  }

  const Card& card_;
  std::set<std::string> ids_;
  std::set<Measure> measures_;
  std::vector<core::Violation> found_;
};

template <typename Item, typename Matches>
std::size_t IndexWhere(const std::vector<Item>& items, const Matches& matches) {
  return static_cast<std::size_t>(std::find_if(items.begin(), items.end(), matches) - items.begin());
}

}  // namespace

core::Result<CheckedCard> CheckedCard::Make(Card card) {
  std::vector<core::Violation> found = Checker(card).Check();
  if (!found.empty()) {
    return core::Fail({core::Errc::kInvalid, "the score card cannot be used", "CARD_INVALID", std::move(found), 0});
  }
  CheckedCard checked;
  for (std::size_t i = 0; i < card.factors.size(); ++i) {
    const Factor& factor = card.factors[i];
    checked.domain_of_.at(i) =
        IndexWhere(card.domains, [&](const PointsDomain& domain) { return domain.domain == factor.domain; });
    checked.windows_.at(static_cast<std::size_t>(factor.measure)) = factor.window;
  }
  for (const TierRule& rule : card.tiers) {
    std::vector<std::size_t>& factors = checked.floor_factors_.emplace_back();
    for (const Floor& floor : rule.floors) {
      factors.push_back(IndexWhere(card.factors, [&](const Factor& factor) { return factor.id == floor.factor_id; }));
    }
  }
  checked.card_ = std::move(card);
  return checked;
}

}  // namespace tilts::risk_scoring
