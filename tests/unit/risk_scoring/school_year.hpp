#pragma once

#include <vector>

#include "risk_samples.hpp"

namespace tilts::risk_scoring::testing {

// 175 school days of one pupil: an absence on every fifth of them, every other one corrected later, lessons that differ
// by weekday, twelve subjects in two periods, four incidents.
inline std::vector<Fact> SchoolYear() {
  const std::string school = "riga-school-0042";
  std::vector<Fact> facts{Enrolled(kAutumn, 0, school)};
  for (int n = 0; n < 175; ++n) {
    Attendance said{.day = SchoolDay(n), .offered = static_cast<std::uint8_t>(6 + n % 5 % 3)};
    if (n % 5 == 2) said.unknown = static_cast<std::uint8_t>(1 + n % 6);
    facts.push_back(Attended(said, 1, school));
    if (n % 10 == 2) {
      std::swap(said.unknown, n % 20 == 2 ? said.excused : said.unexcused);
      facts.push_back(Attended(said, 2, school));
    }
    if (n % 9 == 0) {
      said.late = 1;
      facts.push_back(Attended(said, 3, school));
    }
  }
  for (int subject = 0; subject < 12; ++subject) {
    for (unsigned period = 1; period <= 2; ++period) {
      facts.push_back(Marked(kAutumn + static_cast<Day>(period) * 105, period, core::Concat("SUBJECT", subject),
                             4 + static_cast<unsigned>(subject) % 6));
      facts.back().institution_id = school;
    }
  }
  for (int n = 0; n < 4; ++n) {
    facts.push_back(Behaved(core::Concat("i", n), SchoolDay(20 * n), BehaviourKind::kIncident));
    facts.back().institution_id = school;
  }
  return facts;
}

}  // namespace tilts::risk_scoring::testing
