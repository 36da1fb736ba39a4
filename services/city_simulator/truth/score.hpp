#pragma once

#include <tilts/risk/v1/events.pb.h>

#include <string>
#include <vector>

#include "city_simulator/truth/measures.hpp"

namespace tilts::city_simulator {

struct Share {
  std::string factor;
  int value = 0;
  int points = 0;  // after the domain's rule and cap
  int bin = 0;     // at_least of the bin reached

  bool operator==(const Share&) const = default;
};

// The score of one pupil at the close of one school day, reckoned from the plain list of facts.
struct Score {
  risk::v1::AbstentionReason abstention = risk::v1::ABSTENTION_REASON_UNSPECIFIED;
  unsigned tier = 0;  // 0 with an abstention
  int points = 0;
  std::vector<Share> shares;  // those with points, in card order
  std::string material;       // what must change before a person is asked again
  std::string school;         // where the pupil is enrolled; empty: nowhere
  int unexcused_lessons = 0;  // of the current semester

  bool operator==(const Score&) const = default;
};

Score ScoreOf(const AsOf& as_of);
// One line, for ledger entries.
std::string Describe(const Score& score);

}  // namespace tilts::city_simulator
