#include "risk_scoring/app/contract.hpp"

#include <algorithm>
#include <limits>

#include "calendar/riga_time.hpp"
#include "wire/codes.hpp"

namespace tilts::risk_scoring {
namespace {

using wire::Code;

// What does not fit stays out of range, so that CheckFact sees it.
template <typename To>
To Fit(std::uint32_t number) {
  return static_cast<To>(std::min<std::uint32_t>(number, std::numeric_limits<To>::max()));
}

Factor FactorOf(const risk::v1::Factor& contract) {
  Factor factor{contract.factor_id(),
                contract.domain(),
                Code<Measure>(contract.measure()),
                Code<WindowUnit>(contract.window_unit()),
                contract.window(),
                {}};
  for (const risk::v1::Bin& bin : contract.bins())
    factor.bins.push_back({bin.at_least(), bin.points(), bin.evidence()});
  return factor;
}

TierRule TierRuleOf(const risk::v1::TierRule& contract) {
  TierRule rule{contract.tier(), contract.points_at_least(), contract.domains_at_least(), {}};
  for (const risk::v1::Floor& floor : contract.floors()) rule.floors.push_back({floor.factor_id(), floor.at_least()});
  return rule;
}

template <typename Content>
core::Result<Fact> Stamped(const facts::v1::Stamp& stamp, Content content) {
  Fact fact;
  if (stamp.record_id().size() != fact.record_id.size()) {
    return core::Fail(core::Errc::kInvalid, "a record id has 16 bytes", "RECORD_ID");
  }
  std::copy(stamp.record_id().begin(), stamp.record_id().end(), fact.record_id.begin());
  fact.revision = stamp.revision() > std::numeric_limits<std::uint16_t>::max() ? std::uint16_t{0}
                                                                               : Fit<std::uint16_t>(stamp.revision());
  fact.withdrawn = stamp.withdrawn();
  fact.institution_id = stamp.institution_id();
  fact.content = std::move(content);
  TILTS_CHECK(CheckFact(fact));
  return fact;
}

}  // namespace

Card CardOf(const risk::v1::Card& contract) {
  Card card;
  card.id = contract.card_id();
  card.version = contract.version();
  card.source = contract.source();
  for (const risk::v1::Factor& factor : contract.factors()) card.factors.push_back(FactorOf(factor));
  for (const risk::v1::Domain& domain : contract.domains()) {
    card.domains.push_back({domain.domain(), domain.cap(), domain.sum()});
  }
  for (const risk::v1::TierRule& rule : contract.tiers()) card.tiers.push_back(TierRuleOf(rule));
  const risk::v1::Abstention& abstention = contract.abstention();
  card.abstention = {abstention.lessons_observed_at_least(), abstention.records_expected_per_mille(),
                     abstention.enrolled_school_days_at_least()};
  const risk::v1::StatutoryLimit& limit = contract.limit();
  card.limit = {limit.lessons(), limit.unknown_grace_school_days(), limit.legal_basis(), limit.legal_version()};
  card.pass_mark = contract.pass_mark();
  return card;
}

core::Result<Fact> FactOf(const facts::v1::EnrolmentRecorded& event) {
  return Stamped(event.stamp(), Enrolment{event.from_day(), event.to_day(), Code<std::uint8_t>(event.end_reason()),
                                          Code<std::uint8_t>(event.stage()), Fit<std::uint8_t>(event.grade())});
}
core::Result<Fact> FactOf(const facts::v1::AttendanceRecorded& event) {
  return Stamped(event.stamp(),
                 Attendance{event.day(), Fit<std::uint8_t>(event.lessons_offered()), Fit<std::uint8_t>(event.late()),
                            Fit<std::uint8_t>(event.absent_unknown()), Fit<std::uint8_t>(event.absent_excused()),
                            Fit<std::uint8_t>(event.absent_unexcused())});
}
core::Result<Fact> FactOf(const facts::v1::ResultRecorded& event) {
  return Stamped(event.stamp(), SubjectResult{event.day(), Fit<std::uint8_t>(event.period()), event.subject_code(),
                                              Fit<std::uint8_t>(event.mark())});
}
core::Result<Fact> FactOf(const facts::v1::RepetitionRecorded& event) {
  return Stamped(event.stamp(), Repetition{event.day(), Fit<std::uint8_t>(event.grade())});
}
core::Result<Fact> FactOf(const facts::v1::BehaviourRecorded& event) {
  return Stamped(event.stamp(), Behaviour{event.day(), Code<BehaviourKind>(event.kind())});
}

core::Result<ClosedDay> ClosedDayOf(const facts::v1::SchoolDayClosed& event) {
  const ClosedDay day{event.day(), SchoolYearOf(event.day()), event.semester(), event.semester_from_day(),
                      event.school_year_from_day()};
  TILTS_CHECK(CheckClosedDay(day));
  if (event.school_year() != SchoolYearText(day.school_year)) {
    return core::Fail(core::Errc::kInvalid, "the day is not of that school year", "SCHOOL_YEAR");
  }
  return day;
}

risk::v1::FactReference ToContract(const FactReference& fact) {
  risk::v1::FactReference out;
  out.set_kind(fact.kind);
  out.set_institution_id(fact.institution_id);
  out.set_day(fact.day);
  out.set_amount(fact.amount);
  out.set_revision(fact.revision);
  out.set_subject_code(fact.subject_code);
  return out;
}

void AddContributions(const CheckedCard& card, const Assessment& assessment, const std::vector<Evidence>& evidence,
                      Facts facts, google::protobuf::RepeatedPtrField<risk::v1::Contribution>& out) {
  for (std::size_t i = 0; i < assessment.factors; ++i) {
    const Contribution& from = assessment.by_factor[i];
    if (from.bin_points == 0) continue;
    risk::v1::Contribution& to = *out.Add();
    to.set_factor_id(card.card().factors[i].id);
    to.set_domain(card.card().factors[i].domain);
    to.set_value(from.value);
    to.set_points(from.points);
    to.set_bin_at_least(from.bin_at_least);
    if (i >= evidence.size()) continue;
    to.set_fact_count(evidence[i].count);
    if (facts == Facts::kLeftOut) continue;
    for (const FactReference& fact : evidence[i].facts) *to.add_facts() = ToContract(fact);
  }
}

risk::v1::Score ScoreOf(const PupilState& state, const Explanation& explanation, const risk::v1::Card& contract,
                        const CheckedCard& card, Day day, Facts facts) {
  const Assessment& assessment = explanation.assessment;
  risk::v1::Score score;
  score.set_proposed_tier(assessment.tier);
  score.set_points(assessment.points);
  score.set_abstention(Code<risk::v1::AbstentionReason>(assessment.abstention));
  AddContributions(card, assessment, explanation.by_factor, facts, *score.mutable_contributions());
  score.set_card_id(contract.card_id());
  score.set_card_version(contract.version());
  score.set_as_of_day(IsoDate(day));
  score.set_unexcused_lessons(static_cast<std::uint32_t>(assessment.unexcused_lessons));
  score.set_limit_crossed(assessment.above_limit);
  score.set_institution_id(InstitutionOf(state, assessment));
  score.set_material_digest(MaterialDigest(card, assessment));
  return score;
}

std::string IsoDate(Day day) {
  return calendar::FormatDate(calendar::LocalDate(std::chrono::days(day)));
}

}  // namespace tilts::risk_scoring
