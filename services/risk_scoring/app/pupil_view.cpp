#include "risk_scoring/app/pupil_view.hpp"

#include <algorithm>
#include <tuple>

namespace tilts::risk_scoring {
namespace {

risk::v1::Score NothingClosed(const std::string& pupil_id, const Control& control) {
  risk::v1::Score score;
  score.set_pupil_id(pupil_id);
  score.set_abstention(risk::v1::ABSTENTION_REASON_NEW_IN_REGISTER);
  score.set_card_id(control.card->contract.card_id());
  score.set_card_version(control.card->contract.version());
  return score;
}

risk::v1::Score Shown(const std::string& pupil_id, const PupilState& state, const Explanation& explanation,
                      const Control& control, Facts facts) {
  risk::v1::Score score =
      ScoreOf(state, explanation, control.card->contract, control.card->checked, control.closed.Latest()->day, facts);
  score.set_pupil_id(pupil_id);
  return score;
}

core::Result<AsOf> Latest(const Control& control) {
  const Day day = control.closed.empty() ? 0 : control.closed.Latest()->day;
  return SeenAt(control.closed, control.card->checked, day);
}

}  // namespace

std::string SchoolOf(const PupilState& state, const Control& control) {
  if (const auto as_of = Latest(control)) {
    const Assessment assessment = Evaluate(state, *as_of);
    if (assessment.institution) return InstitutionOf(state, assessment);
  }
  const EnrolmentEntry* last = nullptr;
  for (const EnrolmentEntry& enrolment : state.enrolments) {
    if (enrolment.withdrawn) continue;
    // Institutions are sorted: the smaller index is the smaller id.
    const auto rank = [](const EnrolmentEntry& one) { return std::tuple(-int{one.from_day}, one.institution); };
    if (last == nullptr || rank(enrolment) < rank(*last)) last = &enrolment;
  }
  return last == nullptr ? std::string() : state.institutions[last->institution];
}

risk::v1::Score ScoreNow(const std::string& pupil_id, const PupilState& state, const Control& control, Facts facts) {
  const auto as_of = Latest(control);
  if (!as_of) return NothingClosed(pupil_id, control);
  return Shown(pupil_id, state, Explain(state, *as_of), control, facts);
}

risk::v1::WhatIfResponse ScoreIf(const std::string& pupil_id, const PupilState& state, const Control& control,
                                 const std::vector<Fact>& facts) {
  risk::v1::WhatIfResponse answer;
  *answer.mutable_now() = ScoreNow(pupil_id, state, control, Facts::kShown);
  *answer.mutable_then() = answer.now();
  if (const auto as_of = Latest(control)) {
    const WhatIfAnswer then = WhatIf(state, facts, *as_of);
    *answer.mutable_then() = Shown(pupil_id, then.state, then.explanation, control, Facts::kShown);
  }
  return answer;
}

Ranked Rank(std::vector<risk::v1::Score> proposals, const std::string& institution_id, unsigned tier,
            std::size_t places) {
  std::erase_if(proposals, [&](const risk::v1::Score& score) {
    return score.institution_id() != institution_id || (tier != 0 && score.proposed_tier() != tier);
  });
  std::sort(proposals.begin(), proposals.end(), [](const risk::v1::Score& a, const risk::v1::Score& b) {
    return std::tuple(-a.points(), a.pupil_id()) < std::tuple(-b.points(), b.pupil_id());
  });
  Ranked ranked;
  ranked.not_listed = proposals.size() - std::min(proposals.size(), places);
  proposals.resize(std::min(proposals.size(), places));
  ranked.listed = std::move(proposals);
  return ranked;
}

}  // namespace tilts::risk_scoring
