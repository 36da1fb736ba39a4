#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "risk_samples.hpp"

namespace tilts::risk_scoring::testing {

// Some closed days, with the facts that came in before each of them.
struct History {
  std::vector<ClosedDay> days;
  std::vector<std::vector<Fact>> before;  // as many as days
};

// Every `step`-th day of the calendar from `first` on, `count` of them; semesters as in the samples.
inline std::vector<ClosedDay> DaysOf(Day first, Day step, int count) {
  std::vector<ClosedDay> days;
  for (int n = 0; n < count; ++n) {
    const Day day = first + n * step;
    const int year = SchoolYearOf(day);
    days.push_back(CloseOf(day, year, day < SchoolYearStart(year) + 122 ? 1 : 2));
  }
  return days;
}

struct Draw {
  int kind = 0;
  int day = 0;
  int delay = 0;
  int school = 0;
  int a = 0;
  int b = 0;
  int revision = 1;
  bool withdrawn = false;
};

inline Fact FactOf(const Draw& draw, const std::vector<ClosedDay>& days) {
  const std::vector<std::string> schools{"school-a", "school-b", "school-c"};
  const std::string& school = schools[static_cast<std::size_t>(draw.school)];
  const Day day = days[static_cast<std::size_t>(draw.day) % days.size()].day;
  const auto revision = static_cast<std::uint16_t>(draw.revision);
  Fact fact;
  if (draw.kind == 0) {
    fact = Enrolled(day - draw.a * 40, draw.b % 2 == 0 ? 0 : day + draw.b * 11, school, revision);
  } else if (draw.kind == 1) {
    fact = Marked(day, 1 + static_cast<unsigned>(draw.b % 2), draw.a % 2 == 0 ? "MAT" : "ENG",
                  1 + static_cast<unsigned>(draw.a + draw.b) % 10, revision);
  } else if (draw.kind == 2) {
    fact = Repeated(day - 200 * draw.b, revision);
  } else if (draw.kind == 3) {
    fact = Behaved(core::Concat(school, draw.a), day - draw.b,
                   draw.b % 3 == 0 ? BehaviourKind::kSuspension : BehaviourKind::kIncident, revision);
  } else {
    const auto third = [&](int from) { return static_cast<std::uint8_t>((draw.a + from) % 5); };
    fact = Attended({.day = day + draw.b % 2,
                     .offered = static_cast<std::uint8_t>(12 + draw.b % 4),
                     .unknown = third(0),
                     .excused = third(draw.b),
                     .unexcused = third(draw.b / 2)},
                    revision, school);
  }
  fact.institution_id = school;
  return draw.withdrawn ? Withdrawn(fact, revision) : fact;
}

inline std::vector<Draw> AnyDraws(int least) {
  const auto one = rc::gen::apply(
      [](int kind, int day, int delay, int school, int a, int b, std::pair<int, int> revision) {
        return Draw{kind, day, delay, school, a, b, revision.first, revision.second == 0};
      },
      rc::gen::inRange(0, 12), rc::gen::inRange(0, 1000), rc::gen::inRange(-2, 6), rc::gen::inRange(0, 3),
      rc::gen::inRange(0, 12), rc::gen::inRange(0, 12), rc::gen::pair(rc::gen::inRange(1, 4), rc::gen::inRange(0, 8)));
  const int size = *rc::gen::inRange(least, 160);
  return *rc::gen::container<std::vector<Draw>>(static_cast<std::size_t>(size), one);
}

// Facts fall on a closed day and come in some closes before or after it: late, early, corrected, twice.
inline History AnyHistory(std::vector<ClosedDay> days) {
  History history{.days = std::move(days), .before = {}};
  history.before.resize(history.days.size());
  const int last = static_cast<int>(history.days.size()) - 1;
  if (*rc::gen::inRange(0, 4) != 0) history.before[0].push_back(Enrolled(history.days[0].day, 0, "school-b"));
  for (const Draw& draw : AnyDraws(0)) {
    const int place = draw.day % (last + 1) + draw.delay * draw.delay * draw.delay / 4;
    history.before[static_cast<std::size_t>(std::clamp(place, 0, last))].push_back(FactOf(draw, history.days));
  }
  return history;
}

// A card whose windows are short, so that few closed days reach over all of them.
inline Card ShortCard() {
  Card card = ColdStart();
  card.factors[0].window = 6;
  card.factors[2].bins = {{2, 6, "test"}, {4, 12, "test"}};
  card.abstention = {20, 400, 3};
  card.limit.unknown_grace_school_days = 2;
  card.limit.lessons = 10;
  return card;
}

// Facts of one segment in another order, some of them twice.
inline std::vector<Fact> Shuffled(std::vector<Fact> facts, unsigned seed) {
  unsigned state = seed;
  const auto next = [&state](std::size_t below) {
    state = state * 1'664'525U + 1'013'904'223U;
    return static_cast<std::size_t>(state >> 8) % below;
  };
  for (std::size_t i = facts.size(); i > 1; --i) std::swap(facts[i - 1], facts[next(i)]);
  for (std::size_t i = facts.size(); i > 0; --i) {
    if (next(3) == 0) facts.insert(facts.begin() + static_cast<std::ptrdiff_t>(next(facts.size())), facts[i - 1]);
  }
  return facts;
}

inline const CheckedCard& ShortCheckedCard() {
  static const CheckedCard card = CheckedCard::Make(ShortCard()).value();
  return card;
}

}  // namespace tilts::risk_scoring::testing
