#include "city_simulator/truth/score.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tilts::city_simulator {
namespace {

struct Reached {
  const risk::v1::Factor* factor = nullptr;
  int value = 0;
  int points = 0;  // of the bin, before the domain's rule
  int bin = 0;
  int counted = 0;
};

std::vector<Reached> ReachBins(const AsOf& as_of) {
  std::vector<Reached> all;
  for (const auto& factor : as_of.card.factors()) {
    Reached reached{&factor, MeasureOf(factor, as_of)};
    for (const auto& bin : factor.bins()) {
      if (reached.value >= bin.at_least()) reached.points = bin.points(), reached.bin = bin.at_least();
    }
    all.push_back(reached);
  }
  return all;
}

void CountWithinDomains(const risk::v1::Card& card, std::vector<Reached>& all) {
  for (const auto& domain : card.domains()) {
    int left = static_cast<int>(domain.cap());
    Reached* highest = nullptr;
    for (Reached& reached : all) {
      if (reached.factor->domain() != domain.domain()) continue;
      if (domain.sum()) {
        reached.counted = std::min(reached.points, left);
        left -= reached.counted;
      } else if (highest == nullptr || reached.points > highest->points) {
        highest = &reached;
      }
    }
    if (highest != nullptr) highest->counted = std::min(highest->points, left);
  }
}

unsigned TierOf(const risk::v1::Card& card, const std::vector<Reached>& all, int points) {
  std::set<std::string> domains;
  std::map<std::string, int> values;
  for (const Reached& reached : all) {
    values[reached.factor->factor_id()] = reached.value;
    if (reached.counted > 0) domains.insert(reached.factor->domain());
  }
  unsigned tier = 1;
  for (const auto& rule : card.tiers()) {
    const bool floors = std::all_of(rule.floors().begin(), rule.floors().end(),
                                    [&](const auto& floor) { return values[floor.factor_id()] >= floor.at_least(); });
    if (points >= static_cast<int>(rule.points_at_least()) && domains.size() >= rule.domains_at_least() && floors) {
      tier = std::max(tier, rule.tier());
    }
  }
  return tier;
}

int ClosedWithin(const AsOf& as_of, int from, int through) {
  return static_cast<int>(std::count_if(as_of.closed.begin(), as_of.closed.end(), [&](const ClosedDay& closed) {
    return closed.day >= from && closed.day <= through;
  }));
}

risk::v1::AbstentionReason AbstentionOf(const AsOf& as_of, const PlainFact* enrolment) {
  const auto& rule = as_of.card.abstention();
  if (enrolment == nullptr) return risk::v1::ABSTENTION_REASON_NOT_ENROLLED;
  if (ClosedWithin(as_of, enrolment->day, as_of.day()) < static_cast<int>(rule.enrolled_school_days_at_least()))
    return risk::v1::ABSTENTION_REASON_NEW_IN_REGISTER;
  const int from = ExpectedFrom(as_of, *enrolment), latest = LatestAttendance(as_of);
  std::set<int> recorded;
  int lessons = 0;
  as_of.history.ForEach(FactKind::kAttendance, as_of.day(), [&](const PlainFact& fact) {
    recorded.insert(fact.day);
    if (fact.day >= from) lessons += static_cast<int>(fact.offered);
  });
  const int expected = ClosedWithin(as_of, from, latest);
  if (latest != 0 && expected > 0) {
    const auto there = std::count_if(as_of.closed.begin(), as_of.closed.end(), [&](const ClosedDay& closed) {
      return closed.day >= from && closed.day <= latest && recorded.contains(closed.day);
    });
    if (1000 * there / expected < static_cast<std::int64_t>(rule.records_expected_per_mille()))
      return risk::v1::ABSTENTION_REASON_FEW_RECORDS;
  }
  if (lessons < static_cast<int>(rule.lessons_observed_at_least())) return risk::v1::ABSTENTION_REASON_FEW_LESSONS;
  return risk::v1::ABSTENTION_REASON_UNSPECIFIED;
}

}  // namespace

Score ScoreOf(const AsOf& as_of) {
  Score score;
  const PlainFact* enrolment = as_of.history.EnrolmentOn(as_of.day());
  if (enrolment != nullptr) score.school = enrolment->school;
  score.unexcused_lessons = UnexcusedLessons(as_of, as_of.today().semester_from, as_of.day());
  std::vector<Reached> all = ReachBins(as_of);
  CountWithinDomains(as_of.card, all);
  for (const Reached& reached : all) {
    score.points += reached.counted;
    if (reached.counted > 0)
      score.shares.push_back({reached.factor->factor_id(), reached.value, reached.counted, reached.bin});
  }
  score.abstention = AbstentionOf(as_of, enrolment);
  if (score.abstention == risk::v1::ABSTENTION_REASON_UNSPECIFIED) score.tier = TierOf(as_of.card, all, score.points);
  score.material = as_of.card.card_id() + " " + std::to_string(as_of.card.version()) + " " + std::to_string(score.tier);
  for (const Reached& reached : all) {
    if (reached.points > 0) score.material += " " + reached.factor->factor_id() + ">=" + std::to_string(reached.bin);
  }
  return score;
}

std::string Describe(const Score& score) {
  if (score.abstention != risk::v1::ABSTENTION_REASON_UNSPECIFIED)
    return AbstentionReason_Name(score.abstention) + " at " + score.school;
  std::string text = "tier " + std::to_string(score.tier) + " points " + std::to_string(score.points) + " at " +
                     score.school + " unexcused " + std::to_string(score.unexcused_lessons);
  for (const Share& share : score.shares) {
    text += " " + share.factor + "=" + std::to_string(share.value) + "/" + std::to_string(share.points) +
            (">=" + std::to_string(share.bin));
  }
  return text;
}

}  // namespace tilts::city_simulator
