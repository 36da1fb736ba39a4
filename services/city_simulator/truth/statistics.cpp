#include "city_simulator/truth/statistics.hpp"

#include <algorithm>
#include <set>

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: the plan in the contracts' words

bool IsOfYear(const PlainFact& fact, const std::string& year) {
  return !fact.withdrawn && SchoolYearOf(DayOf(fact.day)) == year;
}

// An enrolment counts in every school year it reaches into.
bool ReachesInto(const PlainFact& enrolment, const std::string& year) {
  if (enrolment.withdrawn || SchoolYearOf(DayOf(enrolment.day)) > year) return false;
  return enrolment.to_day == 0 || SchoolYearOf(DayOf(enrolment.to_day)) >= year;
}

const PlainFact* EnrolmentFor(const History& history, const PlainFact& fact) {
  const PlainFact* found = nullptr;
  for (const PlainFact& enrolment : history.records(FactKind::kEnrolment)) {
    const bool covers = !enrolment.withdrawn && enrolment.school == fact.school && enrolment.day <= fact.day &&
                        (enrolment.to_day == 0 || fact.day <= enrolment.to_day);
    if (covers && (found == nullptr || enrolment.day > found->day)) found = &enrolment;
  }
  return found;
}

// A figure of one institution is a figure of the city too.
std::vector<std::string> Both(const std::string& institution) {
  if (institution.empty()) return {""};
  return {"", institution};
}

class LearnerCount {
 public:
  LearnerCount(const std::string& year, Statistics& statistics) : year_(year), statistics_(statistics) {}

  void Add(const History& history) {
    Enrolments(history);
    for (const PlainFact& fact : history.records(FactKind::kConsultation)) {
      if (IsOfYear(fact, year_)) Consulted(history, fact);
    }
    for (const PlainFact& fact : history.records(FactKind::kSupportMeasure)) {
      const PlainFact* enrolment = EnrolmentFor(history, fact);
      if (!IsOfYear(fact, year_) || enrolment == nullptr) continue;
      if (enrolment->stage == EDUCATION_STAGE_BASIC) Once("supported-learners-basic", "", fact.school);
      if (enrolment->stage == EDUCATION_STAGE_SECONDARY) Once("supported-learners-secondary", "", fact.school);
    }
    CountOnce();
  }

  void Crossed(const Evenings& evenings) {
    for (const unsigned semester : {1U, 2U}) {
      if (evenings.limit_crossed(year_, semester))
        Once("unexcused-limit-learners", "", evenings.limit_school(year_, semester));
    }
    CountOnce();
  }

 private:
  void Once(const std::string& indicator, const std::string& category, const std::string& school) {
    for (const std::string& each : Both(school)) met_.insert({indicator, category, each});
  }
  void Among(const std::string& indicator, const std::string& school) {
    for (const std::string& each : Both(school)) among_.insert({indicator, "", each});
  }

  // A learner counts once in each figure, however often it was met.
  void CountOnce() {
    for (const StatisticsCell& cell : met_) ++statistics_[cell].numerator;
    for (const StatisticsCell& cell : among_) ++statistics_[cell].denominator;
    met_.clear();
    among_.clear();
  }

  void Enrolments(const History& history) {
    int latest = 0;
    for (const PlainFact& fact : history.records(FactKind::kEnrolment)) {
      if (!fact.withdrawn) latest = std::max(latest, fact.day);
    }
    for (const PlainFact& fact : history.records(FactKind::kEnrolment)) {
      if (!ReachesInto(fact, year_)) continue;
      const bool gave_up =
          fact.to_day != 0 && fact.day == latest && SchoolYearOf(DayOf(fact.to_day)) == year_ &&
          (fact.end_reason == ENROLMENT_END_REASON_DROPPED_OUT || fact.end_reason == ENROLMENT_END_REASON_EXPELLED);
      const char* stage = fact.stage == EDUCATION_STAGE_BASIC       ? "basic"
                          : fact.stage == EDUCATION_STAGE_SECONDARY ? "secondary"
                                                                    : "distance";
      Among(std::string("early-leavers-") + stage, fact.school);
      if (fact.stage != EDUCATION_STAGE_DISTANCE) Among(std::string("supported-learners-") + stage, fact.school);
      if (gave_up) Once(std::string("early-leavers-") + stage, "", fact.school);
      if (fact.grade >= 7 && fact.grade <= 12) Among("career-consultations", fact.school);
      if (fact.grade >= 1 && fact.grade <= 12) Once("learners", "", fact.school);
    }
  }

  void Consulted(const History& history, const PlainFact& fact) {
    const std::string specialist = CategoryOf(Specialist_Name(fact.specialist), "SPECIALIST_");
    for (const ConsultationReason reason : fact.reasons) {
      const std::string category =
          specialist + "/" + CategoryOf(ConsultationReason_Name(reason), "CONSULTATION_REASON_");
      for (const std::string& each : {std::string(), category}) {
        for (const std::string& school : Both(fact.school))
          ++statistics_[{"consultations-by-specialist-reason", each, school}].numerator;
        Once("consultation-learners-by-specialist-reason", each, fact.school);
      }
    }
    const PlainFact* enrolment = EnrolmentFor(history, fact);
    const bool older = enrolment != nullptr && enrolment->grade >= 7 && enrolment->grade <= 12;
    if (older && fact.specialist == SPECIALIST_CAREER_CONSULTANT) Once("career-consultations", "", fact.school);
  }

  const std::string& year_;
  Statistics& statistics_;
  std::set<StatisticsCell> met_;
  std::set<StatisticsCell> among_;
};

constexpr const char* kToReceipt = "referral-hours-to-receipt";
constexpr const char* kToAnswer = "referral-hours-to-answer";

class ReferralCount {
 public:
  explicit ReferralCount(Statistics& statistics) : statistics_(statistics) {}

  void Add(const ReferralModel& referral, const std::string& kind) {
    for (const std::string& category : {std::string(), kind}) {
      for (const std::string& institution : Both(referral.recipient)) AddTo(referral, category, institution);
    }
  }

  // By then all of them were over: the middle one, of two the earlier.
  void TakeMedians() {
    for (auto& [cell, hours] : hours_) {
      std::sort(hours.begin(), hours.end());
      statistics_[cell] = {hours[(hours.size() - 1) / 2], hours.size()};
    }
  }

 private:
  void AddTo(const ReferralModel& referral, const std::string& category, const std::string& institution) {
    const auto count = [&](const char* indicator) -> Fraction& {
      return statistics_[{indicator, category, institution}];
    };
    const auto due = referral.due.find(Clock::kAnswer);
    const bool answered = referral.answered && due != referral.due.end();
    const bool expired = referral.state == REFERRAL_STATE_EXPIRED;
    if (answered || expired) ++count("referrals-answered-in-time").denominator;
    if (answered && *referral.answered <= due->second) ++count("referrals-answered-in-time").numerator;
    if (expired) ++count("referrals-expired").numerator;
    if (referral.stands_in) ++count("referrals-re-routed").numerator;
    if (referral.state == REFERRAL_STATE_REJECTED && referral.reject_reason == REJECT_REASON_AT_CAPACITY)
      ++count("referrals-rejected-at-capacity").numerator;
    if (referral.is_notice()) return;
    ++count("referrals-expired").denominator;
    ++count("referral-outcomes-within-30-days").denominator;
    const bool done = referral.state == REFERRAL_STATE_COMPLETED || referral.state == REFERRAL_STATE_FAILED;
    if (done && *referral.ended - referral.requested <= std::chrono::days{30})
      ++count("referral-outcomes-within-30-days").numerator;
    const auto lasted = [&](const char* indicator, const std::optional<Instant>& until) {
      if (!until) return;
      const auto hours = std::chrono::ceil<std::chrono::hours>(*until - referral.requested).count();
      hours_[{indicator, category, institution}].push_back(static_cast<std::uint64_t>(hours));
    };
    lasted(kToReceipt, referral.received);
    lasted(kToAnswer, referral.answered);
  }

  Statistics& statistics_;
  std::map<StatisticsCell, std::vector<std::uint64_t>> hours_;
};

}  // namespace

std::string CategoryOf(const std::string& code, const std::string& prefix) {
  return code.substr(prefix.size());
}

bool IsMedian(const std::string& indicator) {
  return indicator == kToReceipt || indicator == kToAnswer;
}

void CountLearners(const LearnerBook& book, const std::string& school_year, Statistics& statistics) {
  LearnerCount count(school_year, statistics);
  for (const auto& [learner, history] : book.histories()) count.Add(history);
  for (const auto& [learner, evenings] : book.evenings()) count.Crossed(evenings);
}

void CountReferrals(const World& world, const Directory& directory, const std::string& school_year,
                    const std::string& municipality, Statistics& statistics) {
  ReferralCount count(statistics);
  // Of a case and a kind, who was asked first; on one day the first by name.
  std::map<std::pair<std::size_t, InstitutionKind>, std::pair<Day, std::string>> involved;
  for (const ReferralModel& referral : world.referrals()) {
    const auto* recipient = directory.Find(referral.recipient);
    const Day day = InRiga(referral.requested).day;
    if (recipient == nullptr || SchoolYearOf(day) != school_year) continue;
    if (world.cases()[referral.case_index].municipality != municipality) continue;
    count.Add(referral, CategoryOf(InstitutionKind_Name(recipient->kind()), "INSTITUTION_KIND_"));
    if (referral.is_notice()) continue;
    const std::pair asked{day, referral.recipient};
    const auto [first, is_new] = involved.try_emplace({referral.case_index, recipient->kind()}, asked);
    if (!is_new) first->second = std::min(first->second, asked);
  }
  count.TakeMedians();
  for (const auto& [file_and_kind, asked] : involved) {
    const std::string kind = CategoryOf(InstitutionKind_Name(file_and_kind.second), "INSTITUTION_KIND_");
    for (const std::string& category : {std::string(), kind}) {
      for (const std::string& institution : Both(asked.second))
        ++statistics[{"involvements-by-kind", category, institution}].numerator;
    }
  }
}

void CountDecisions(const TierBook& tiers, Statistics& statistics) {
  for (const auto& [where, count] : tiers.decisions()) {
    const std::string decision = CategoryOf(TierDecision_Name(where.second), "TIER_DECISION_");
    for (const std::string& category : {std::string(), decision}) {
      for (const std::string& school : Both(where.first))
        statistics[{"tier-decisions", category, school}].numerator += count;
    }
  }
}

bool IsSmall(const StatisticsCell& cell, const Fraction& value) {
  const auto small = [](std::uint64_t count) { return count > 0 && count < kSmallestCell; };
  if (IsMedian(cell.indicator)) return small(value.denominator);
  return small(value.numerator) || (value.denominator > 0 && small(value.denominator - value.numerator));
}

}  // namespace tilts::city_simulator
