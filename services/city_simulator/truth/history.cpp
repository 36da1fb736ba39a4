#include "city_simulator/truth/history.hpp"

#include <algorithm>

namespace tilts::city_simulator {

void History::Take(const PlainFact& fact) {
  auto& records = records_[static_cast<std::size_t>(fact.kind)];
  const auto known = std::find_if(records.rbegin(), records.rend(), [&](const PlainFact& each) {
    return each.key == fact.key && each.school == fact.school;
  });
  if (known == records.rend()) {
    records.push_back(fact);
  } else if (fact.revision > known->revision) {
    *known = fact;
  }
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
