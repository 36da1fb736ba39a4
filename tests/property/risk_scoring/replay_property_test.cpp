#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "histories.hpp"
#include "naive_score.hpp"
#include "risk_scoring/domain/measures.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::AnyHistory;
using testing::ColdStartCard;
using testing::DaysOf;
using testing::History;
using testing::kAutumn;
using testing::NaivePupil;
using testing::ShortCheckedCard;
using testing::Shuffled;

std::vector<std::string> WordsOf(const Outcome& outcome) {
  std::vector<std::string> words;
  if (outcome.proposal) {
    const Proposal& proposal = *outcome.proposal;
    words.push_back(
        core::Concat("tier ", proposal.tier, " at ", proposal.institution_id, " with ", proposal.assessment.points));
  }
  for (const LimitEvent& limit : outcome.limits) {
    words.push_back(core::Concat(limit.crossed ? "crossed " : "retracted ", limit.crossing, " of ", limit.school_year,
                                 "/", limit.semester, " with ", limit.lessons, " at ", limit.institution_id));
  }
  return words;
}

NaivePupil::Answer AnswerOf(const PupilState& state, const Assessment& assessment) {
  NaivePupil::Answer answer{.abstention = assessment.abstention,
                            .tier = assessment.tier,
                            .values = {},
                            .points = {},
                            .total = assessment.points,
                            .institution = InstitutionOf(state, assessment)};
  for (const Contribution& contribution : assessment.contributions()) {
    answer.values.push_back(contribution.value);
    answer.points.push_back(contribution.points);
  }
  return answer;
}

void AgreesWithTheDefinition(const History& history, const CheckedCard& card) {
  NaivePupil naive(card.card());
  PupilState state;
  ClosedDays closed;
  for (std::size_t i = 0; i < history.days.size(); ++i) {
    for (const Fact& fact : history.before[i]) {
      Apply(state, fact);
      naive.Take(fact);
    }
    closed.Close(history.days[i]);
    const AsOf as_of = SeenAt(closed, card, history.days[i].day).value();
    const Outcome outcome = CloseDay(state, as_of);
    RC_ASSERT(WordsOf(outcome) == naive.Close(history.days[i]));
    const Assessment assessment = Evaluate(state, as_of);
    RC_ASSERT(AnswerOf(state, assessment) == naive.At(history.days[i].day));
    // As if nothing had been kept in memory, and with facts that came in after the sums had moved.
    const PupilState fresh = DecodePupilState(Encode(state)).value();
    RC_ASSERT(AnswerOf(fresh, Evaluate(fresh, as_of)) == AnswerOf(state, assessment));
  }
}

RC_GTEST_PROP(ReplayProperty, TheCompactStateAgreesWithTheDefinitionWithinAYear, ()) {
  AgreesWithTheDefinition(AnyHistory(DaysOf(kAutumn + 95, 1, 40)), ColdStartCard());
}

RC_GTEST_PROP(ReplayProperty, TheCompactStateAgreesWithTheDefinitionOverTheYears, ()) {
  AgreesWithTheDefinition(AnyHistory(DaysOf(kAutumn, 23, 60)), ShortCheckedCard());
}

std::vector<std::string> Replay(const History& history, unsigned seed, std::string* bytes) {
  PupilState state;
  ClosedDays closed;
  std::vector<std::string> said;
  for (std::size_t i = 0; i < history.days.size(); ++i) {
    const std::vector<Fact>& facts = history.before[i];
    for (const Fact& fact : seed == 0 ? facts : Shuffled(facts, seed)) Apply(state, fact);
    closed.Close(history.days[i]);
    const Outcome outcome = CloseDay(state, SeenAt(closed, ShortCheckedCard(), history.days[i].day).value());
    for (std::string& word : WordsOf(outcome)) said.push_back(std::move(word));
    if (outcome.proposal) said.push_back(outcome.proposal->material_digest);
    // Another worker goes on from the bytes now and then.
    if (seed % 3 == 1) state = DecodePupilState(Encode(state)).value();
  }
  *bytes = Encode(state);
  return said;
}

RC_GTEST_PROP(ReplayProperty, AReplayInAnyOrderWithinTheDaysSaysTheSame, ()) {
  const History history = AnyHistory(DaysOf(kAutumn, 23, 40));
  std::string bytes;
  std::string again;
  const std::vector<std::string> said = Replay(history, 0, &bytes);
  for (const unsigned seed : {0U, 1U, 17U}) {
    RC_ASSERT(Replay(history, seed, &again) == said);
    RC_ASSERT(again == bytes);
  }
}

RC_GTEST_PROP(ReplayProperty, TheScoreIsTheSumOfItsContributions, ()) {
  const History history = AnyHistory(DaysOf(kAutumn + 60, 1, 30));
  PupilState state;
  ClosedDays closed;
  for (std::size_t i = 0; i < history.days.size(); ++i) {
    for (const Fact& fact : history.before[i]) Apply(state, fact);
    closed.Close(history.days[i]);
    const Assessment assessment = Evaluate(state, SeenAt(closed, ColdStartCard(), history.days[i].day).value());
    std::int32_t sum = 0;
    for (const Contribution& contribution : assessment.contributions()) sum += contribution.points;
    RC_ASSERT(sum == assessment.points);
    RC_ASSERT(assessment.points <= 12 * 5);
  }
}

// A record that was withdrawn, and one sent again after that, leave the score it would have had without and with it.
RC_GTEST_PROP(ReplayProperty, WithdrawnIsNeverSentAndSentAgainIsSent, ()) {
  const std::vector<ClosedDay> days = DaysOf(kAutumn + 60, 1, 25);
  ClosedDays closed;
  for (const ClosedDay& day : days) closed.Close(day);
  const AsOf as_of = SeenAt(closed, ColdStartCard(), days.back().day).value();
  const std::vector<testing::Draw> draws = testing::AnyDraws(1);
  Fact extra = FactOf(draws.front(), days);
  extra.institution_id = "school-x";
  extra.record_id = testing::RecordOf("extra");
  extra.revision = 1;
  extra.withdrawn = false;
  PupilState state;
  for (const testing::Draw& draw : draws) Apply(state, FactOf(draw, days));
  PupilState sent = state;
  MoveSums(state, as_of);
  const NaivePupil::Answer without = AnswerOf(state, Evaluate(state, as_of));
  Apply(sent, extra);
  const NaivePupil::Answer with = AnswerOf(sent, Evaluate(sent, as_of));

  Apply(state, extra);
  RC_ASSERT(AnswerOf(state, Evaluate(state, as_of)) == with);
  Apply(state, testing::Withdrawn(extra, 2));
  RC_ASSERT(AnswerOf(state, Evaluate(state, as_of)) == without);
  extra.revision = 3;
  Apply(state, extra);
  RC_ASSERT(AnswerOf(state, Evaluate(state, as_of)) == with);
}

}  // namespace
}  // namespace tilts::risk_scoring
