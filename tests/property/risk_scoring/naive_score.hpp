#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "risk_scoring/domain/card.hpp"
#include "risk_scoring/domain/close_day.hpp"
#include "risk_scoring/domain/closed_days.hpp"
#include "risk_scoring/domain/fact.hpp"

namespace tilts::risk_scoring::testing {

// The score's arithmetic once more, over plain lists that forget nothing and keep no sums: slow, short and written from
// the definition. What the compact state answers must be the same.
class NaivePupil {
 public:
  explicit NaivePupil(Card card) : card_(std::move(card)) {}

  struct Answer {
    Abstention abstention{};
    unsigned tier = 0;
    std::vector<std::int32_t> values;  // by factor
    std::vector<std::int32_t> points;  // by factor, after domain rule and cap
    std::int32_t total = 0;
    std::string institution;

    bool operator==(const Answer&) const = default;
  };
  // "tier 2 at school-a" and "crossed 1 of 2025/1 with 23 at school-a", in order.
  using Said = std::vector<std::string>;

  void Take(const Fact& fact);
  Said Close(const ClosedDay& day);
  Answer At(Day day) const;

 private:
  template <typename Kind>
  std::vector<std::pair<std::string, Kind>> Counting() const;  // institution and content of what is not withdrawn
  std::vector<std::pair<std::string, Attendance>> AttendanceUpTo(Day day) const;
  std::optional<std::pair<std::string, Enrolment>> EnrolmentAt(Day day) const;
  std::vector<ClosedDay> ClosedBetween(Day from, Day to) const;
  std::int32_t Unexcused(Day from, Day to, Day day) const;
  std::int32_t ValueOf(const Factor& factor, Day day) const;
  std::int32_t MarksOf(const Factor& factor, Day day) const;
  Abstention WhyNot(Day day) const;
  void LookAtLimit(int school_year, unsigned semester, Day day, Said& said);

  Card card_;
  std::map<std::string, Fact> newest_;  // by natural key
  std::vector<ClosedDay> closed_;
  unsigned tier_ = 1;
  std::string material_;
  std::string institution_;
  std::map<std::pair<int, unsigned>, std::pair<unsigned, bool>> crossings_;
  std::map<std::pair<int, unsigned>, std::string> heard_;
};

}  // namespace tilts::risk_scoring::testing
