#include "risk_scoring/domain/score.hpp"

#include <algorithm>

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "risk_scoring/domain/measures.hpp"

namespace tilts::risk_scoring {
namespace {

Contribution Reached(const Factor& factor, std::int32_t value) {
  Contribution contribution{.value = value};
  for (const Bin& bin : factor.bins) {
    if (value < bin.at_least) break;
    contribution.bin_at_least = bin.at_least;
    contribution.bin_points = bin.points;
  }
  return contribution;
}

// Which factors contribute what: a domain's strongest factor, or its factors until the cap is reached.
void ShareOut(const CheckedCard& card, Assessment& assessment) {
  const std::vector<PointsDomain>& domains = card.card().domains;
  std::array<std::int32_t, kMaxDomains> points{};
  std::array<std::size_t, kMaxDomains> strongest{};
  for (std::size_t i = 0; i < assessment.factors; ++i) {
    Contribution& contribution = assessment.by_factor[i];
    if (contribution.bin_points == 0) continue;
    const std::size_t at = card.DomainOf(i);
    const auto cap = static_cast<std::int32_t>(domains[at].cap);
    if (domains[at].sum) {
      contribution.points = std::min(contribution.bin_points, cap - points[at]);
      points[at] += contribution.points;
    } else if (Contribution& best = assessment.by_factor[strongest[at]];
               points[at] == 0 || contribution.bin_points > best.bin_points) {
      if (points[at] != 0) best.points = 0;
      strongest[at] = i;
      contribution.points = points[at] = std::min(contribution.bin_points, cap);
    }
  }
  for (std::size_t i = 0; i < assessment.factors; ++i) assessment.points += assessment.by_factor[i].points;
  assessment.domains = static_cast<unsigned>(std::count_if(points.begin(), points.end(), [](int p) { return p > 0; }));
}

bool Holds(const CheckedCard& card, std::size_t index, const Assessment& assessment) {
  const TierRule& rule = card.card().tiers[index];
  if (assessment.points < static_cast<std::int32_t>(rule.points_at_least)) return false;
  if (assessment.domains < rule.domains_at_least) return false;
  const std::vector<std::size_t>& factors = card.FloorFactors(index);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    if (assessment.by_factor[factors[i]].value < rule.floors[i].at_least) return false;
  }
  return true;
}

unsigned TierOf(const CheckedCard& card, const Assessment& assessment) {
  unsigned tier = 1;
  for (std::size_t i = 0; i < card.card().tiers.size(); ++i) {
    if (card.card().tiers[i].tier > tier && Holds(card, i, assessment)) tier = card.card().tiers[i].tier;
  }
  return tier;
}

// Fewer lessons than `wanted` in the records since `start`; the latest few usually tell.
bool HasFewLessons(const PupilState& state, Day start, Day day, unsigned wanted) {
  unsigned offered = 0;
  for (auto entry = state.attendance.rbegin(); entry != state.attendance.rend() && entry->day >= start; ++entry) {
    if (offered >= wanted) return false;
    if (entry->day <= day) offered += entry->offered;
  }
  return offered < wanted;
}

Abstention WhyNoScore(const PupilState& state, const AsOf& as_of, const EnrolmentEntry* enrolment) {
  if (enrolment == nullptr) return Abstention::kNotEnrolled;
  const AbstentionRule& rule = as_of.card->card().abstention;
  const ClosedDays& closed = *as_of.closed;
  const Day day = as_of.day.day;
  if (closed.Count(enrolment->from_day, day) < rule.enrolled_school_days_at_least) return Abstention::kNewInRegister;
  const Day start = CountingFrom(*enrolment, as_of);
  if (const AttendanceEntry* latest = LatestRecord(state, start, day); latest != nullptr) {
    const unsigned expected = closed.Count(start, latest->day);
    const unsigned recorded = closed.bits().CountCommon(state.recorded_days, start, latest->day);
    if (1000 * recorded < rule.records_expected_per_mille * expected) return Abstention::kFewRecords;
  }
  if (HasFewLessons(state, start, day, rule.lessons_observed_at_least)) return Abstention::kFewLessons;
  return Abstention::kNone;
}

}  // namespace

core::Result<AsOf> SeenAt(const ClosedDays& closed, const CheckedCard& card, Day day) {
  const ClosedDay* found = closed.Find(day);
  if (found == nullptr) return core::Fail(core::Errc::kNotFound, "the school day is not closed", "DAY_NOT_CLOSED");
  AsOf as_of{.closed = &closed, .card = &card, .day = *found};
  const unsigned window = std::max(1U, card.WindowOf(Measure::kAbsenceShare));
  as_of.absence_from = closed.NthLatest(window, day).value_or(closed.days().front().day);
  const unsigned grace = card.card().limit.unknown_grace_school_days;
  as_of.unknown_before = grace == 0 ? day + 1 : closed.NthLatest(grace, day).value_or(0);
  const std::vector<Semester> semesters = closed.SemestersUpTo(day);
  if (semesters.size() > 1) as_of.previous = semesters[semesters.size() - 2];
  return as_of;
}

Assessment Evaluate(const PupilState& state, const AsOf& as_of) {
  const CheckedCard& card = *as_of.card;
  const EnrolmentEntry* enrolment = CurrentEnrolment(state, as_of.day.day);
  const Values values = Measured(state, as_of, enrolment);
  Assessment assessment;
  assessment.factors = card.card().factors.size();
  for (std::size_t i = 0; i < assessment.factors; ++i) {
    const Factor& factor = card.card().factors[i];
    assessment.by_factor[i] = Reached(factor, values[static_cast<std::size_t>(factor.measure)]);
  }
  ShareOut(card, assessment);
  assessment.unexcused_lessons = values[static_cast<std::size_t>(Measure::kUnexcusedLessons)];
  assessment.above_limit = IsAboveLimit(card, assessment.unexcused_lessons);
  if (enrolment != nullptr) assessment.institution = enrolment->institution;
  assessment.abstention = WhyNoScore(state, as_of, enrolment);
  if (assessment.abstention == Abstention::kNone) assessment.tier = TierOf(card, assessment);
  return assessment;
}

bool IsAboveLimit(const CheckedCard& card, std::int32_t lessons) {
  return lessons > static_cast<std::int32_t>(card.card().limit.lessons);
}

std::string InstitutionOf(const PupilState& state, const Assessment& assessment) {
  return assessment.institution ? state.institutions[*assessment.institution] : std::string();
}

std::string MaterialDigest(const CheckedCard& card, const Assessment& assessment) {
  std::string text = core::Concat(card.card().id, "/", card.card().version, "/", assessment.tier);
  for (std::size_t i = 0; i < assessment.factors; ++i) {
    const Contribution& contribution = assessment.by_factor[i];
    if (contribution.bin_points == 0) continue;
    text += core::Concat("/", card.card().factors[i].id, ":", contribution.bin_at_least);
  }
  return core::Hex(core::Sha256(text), 8);
}

}  // namespace tilts::risk_scoring
