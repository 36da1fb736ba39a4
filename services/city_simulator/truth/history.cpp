#include "city_simulator/truth/history.hpp"

#include <algorithm>
#include <tuple>

namespace tilts::city_simulator {

namespace {

// What is not withdrawn comes first; a withdrawn fact says nothing else.
bool IsSmaller(const PlainFact& a, const PlainFact& b) {
  if (a.withdrawn || b.withdrawn) return !a.withdrawn && b.withdrawn;
  const auto fields = [](const PlainFact& fact) {
    return std::tie(fact.day, fact.to_day, fact.end_reason, fact.stage, fact.grade, fact.offered, fact.unknown,
                    fact.excused, fact.unexcused, fact.period, fact.mark, fact.behaviour, fact.specialist,
                    fact.reasons);
  };
  return fields(a) < fields(b);
}

}  // namespace

bool History::Take(const PlainFact& fact) {
  auto& records = records_[static_cast<std::size_t>(fact.kind)];
  const auto known = std::find_if(records.rbegin(), records.rend(), [&](const PlainFact& each) {
    return each.key == fact.key && each.school == fact.school;
  });
  if (known == records.rend()) {
    records.push_back(fact);
  } else if (fact.revision > known->revision) {
    *known = fact;
  } else if (fact.revision == known->revision) {
    const bool conflict = IsSmaller(fact, *known) || IsSmaller(*known, fact);
    if (IsSmaller(fact, *known)) *known = fact;
    return conflict;
  }
  return false;
}

const PlainFact* History::EnrolmentOn(int day) const {
  const PlainFact* current = nullptr;
  ForEach(FactKind::kEnrolment, day, [&](const PlainFact& fact) {
    if (fact.to_day != 0 && day > fact.to_day) return;
    const bool later = current == nullptr || fact.day > current->day;
    if (later || (fact.day == current->day && fact.school < current->school)) current = &fact;
  });
  return current;
}

}  // namespace tilts::city_simulator
