#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "histories.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::AnyDraws;
using testing::DaysOf;
using testing::FactOf;
using testing::kAutumn;
using testing::Shuffled;
using testing::StateOf;

std::vector<Fact> AnyFacts() {
  const std::vector<ClosedDay> days = DaysOf(kAutumn, 9, 12);
  std::vector<Fact> facts;
  for (const auto& draw : AnyDraws(0)) facts.push_back(FactOf(draw, days));
  return facts;
}

RC_GTEST_PROP(OrderProperty, ShuffledAndDoubledFactsGiveTheSameBytes, ()) {
  const std::vector<Fact> facts = AnyFacts();
  const std::string bytes = Encode(StateOf(facts));
  RC_ASSERT(Encode(StateOf(Shuffled(facts, *rc::gen::arbitrary<unsigned>()))) == bytes);
  std::vector<Fact> twice = facts;
  twice.insert(twice.end(), facts.begin(), facts.end());
  RC_ASSERT(Encode(StateOf(twice)) == bytes);
}

RC_GTEST_PROP(OrderProperty, EveryGeneratedFactIsOneTheDoorLetsThrough, ()) {
  for (const Fact& fact : AnyFacts()) RC_ASSERT(CheckFact(fact).has_value());
}

RC_GTEST_PROP(OrderProperty, WhatWasWrittenIsReadBack, ()) {
  const PupilState state = StateOf(AnyFacts());
  const core::Result<PupilState> read = DecodePupilState(Encode(state));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == state);
  RC_ASSERT(Encode(*read) == Encode(state));
  RC_ASSERT(read->recorded_days.Count(0, kLastDay) == state.recorded_days.Count(0, kLastDay));
}

// A conflict is told by every order in which both contributions of the newest revision come in.
RC_GTEST_PROP(OrderProperty, AppliedSaysWhetherTheBytesChanged, ()) {
  PupilState state;
  for (const Fact& fact : AnyFacts()) {
    const std::string before = Encode(state);
    const Applied applied = Apply(state, fact);
    if (applied == Applied::kChanged) RC_ASSERT(Encode(state) != before);
    if (applied == Applied::kSame || applied == Applied::kStale) RC_ASSERT(Encode(state) == before);
  }
}

}  // namespace
}  // namespace tilts::risk_scoring
