#pragma once

#include <cstdint>
#include <vector>

#include "risk_scoring/domain/day.hpp"

namespace tilts::risk_scoring {

// A set of days as one bit each, so that school days and records are counted against each other by the word.
class DayBits {
 public:
  void Set(Day day);
  void Reset(Day day);
  bool Has(Day day) const;
  // Days in [from, to].
  unsigned Count(Day from, Day to) const;
  unsigned CountCommon(const DayBits& other, Day from, Day to) const;

 private:
  std::uint64_t Word(int index) const;  // 0 outside

  int first_word_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace tilts::risk_scoring
