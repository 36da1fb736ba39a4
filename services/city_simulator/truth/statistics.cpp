#include "city_simulator/truth/statistics.hpp"

#include <algorithm>
#include <set>

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: the plan in the contracts' words

using Cell = std::pair<std::string, std::string>;

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
      if (enrolment->stage == EDUCATION_STAGE_BASIC) Once("supported-learners-basic");
      if (enrolment->stage == EDUCATION_STAGE_SECONDARY) Once("supported-learners-secondary");
    }
    // A learner counts once in each figure, however often it was met.
    for (const Cell& cell : met_) ++statistics_[cell].numerator;
    for (const std::string& indicator : among_) ++statistics_[{indicator, ""}].denominator;
    met_.clear();
    among_.clear();
  }

 private:
  void Once(const std::string& indicator, const std::string& category = "") { met_.insert({indicator, category}); }

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
      among_.insert(std::string("early-leavers-") + stage);
      if (fact.stage != EDUCATION_STAGE_DISTANCE) among_.insert(std::string("supported-learners-") + stage);
      if (gave_up) Once(std::string("early-leavers-") + stage);
      if (fact.grade >= 7 && fact.grade <= 12) among_.insert("career-consultations");
      if (fact.grade >= 1 && fact.grade <= 12) Once("learners");
    }
  }

  void Consulted(const History& history, const PlainFact& fact) {
    const std::string specialist = CategoryOf(Specialist_Name(fact.specialist), "SPECIALIST_");
    for (const ConsultationReason reason : fact.reasons) {
      const std::string category =
          specialist + "/" + CategoryOf(ConsultationReason_Name(reason), "CONSULTATION_REASON_");
      for (const std::string& each : {std::string(), category}) {
        ++statistics_[{"consultations-by-specialist-reason", each}].numerator;
        Once("consultation-learners-by-specialist-reason", each);
      }
    }
    const PlainFact* enrolment = EnrolmentFor(history, fact);
    const bool older = enrolment != nullptr && enrolment->grade >= 7 && enrolment->grade <= 12;
    if (older && fact.specialist == SPECIALIST_CAREER_CONSULTANT) Once("career-consultations");
  }

  const std::string& year_;
  Statistics& statistics_;
  std::set<Cell> met_;
  std::set<std::string> among_;
};

}  // namespace

std::string CategoryOf(const std::string& code, const std::string& prefix) {
  return code.substr(prefix.size());
}

void CountLearners(const LearnerBook& book, const std::string& school_year, Statistics& statistics) {
  LearnerCount count(school_year, statistics);
  for (const auto& [learner, history] : book.histories()) count.Add(history);
  for (const auto& [learner, evenings] : book.evenings()) {
    if (evenings.limit_crossed(school_year, 1) || evenings.limit_crossed(school_year, 2))
      ++statistics[{"unexcused-limit-learners", ""}].numerator;
  }
}

void CountReferrals(const World& world, const Directory& directory, const std::string& school_year,
                    const std::string& municipality, Statistics& statistics) {
  std::set<std::pair<std::size_t, InstitutionKind>> involved;
  for (const ReferralModel& referral : world.referrals()) {
    const auto* recipient = directory.Find(referral.recipient);
    if (recipient == nullptr || SchoolYearOf(InRiga(referral.requested).day) != school_year) continue;
    if (world.cases()[referral.case_index].municipality != municipality) continue;
    const auto due = referral.due.find(Clock::kAnswer);
    const bool answered = referral.answered && due != referral.due.end();
    const bool in_time = answered && *referral.answered <= due->second;
    const bool expired = referral.state == REFERRAL_STATE_EXPIRED;
    const std::string recipient_kind = CategoryOf(InstitutionKind_Name(recipient->kind()), "INSTITUTION_KIND_");
    for (const std::string& kind : {std::string(), recipient_kind}) {
      const auto count = [&](const char* indicator) -> Fraction& { return statistics[{indicator, kind}]; };
      if (answered || expired) ++count("referrals-answered-in-time").denominator;
      if (in_time) ++count("referrals-answered-in-time").numerator;
      if (!referral.is_notice()) ++count("referrals-expired").denominator;
      if (expired) ++count("referrals-expired").numerator;
      if (referral.stands_in) ++count("referrals-re-routed").numerator;
      if (referral.state == REFERRAL_STATE_REJECTED && referral.reject_reason == REJECT_REASON_AT_CAPACITY)
        ++count("referrals-rejected-at-capacity").numerator;
    }
    if (referral.is_notice() || !involved.insert({referral.case_index, recipient->kind()}).second) continue;
    ++statistics[{"involvements-by-kind", ""}].numerator;
    ++statistics[{"involvements-by-kind", recipient_kind}].numerator;
  }
}

}  // namespace tilts::city_simulator
