#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "risk_scoring/domain/day.hpp"
#include "risk_scoring/domain/day_bits.hpp"

namespace tilts::risk_scoring {

// A SchoolDayClosed record.
struct ClosedDay {
  Day day = 0;
  int school_year = 0;    // the year it begins in: 2025 for "2025/26"
  unsigned semester = 0;  // 1 or 2
  Day semester_from_day = 0;
  Day school_year_from_day = 0;

  bool operator==(const ClosedDay&) const = default;
};

// A semester of which at least one day is closed.
struct Semester {
  int school_year = 0;
  unsigned number = 0;
  Day from_day = 0;
  Day last_closed_day = 0;  // up to the day asked for

  bool operator==(const Semester&) const = default;
};

// The closed school days of one partition: those of the latest school year and the one before it.
class ClosedDays {
 public:
  // False and no change when the day was closed before (a repeated record). The first day of a school year drops the
  // days of the year before the previous one. The day must be one CheckClosedDay accepts.
  bool Close(const ClosedDay& day);

  bool empty() const { return days_.empty(); }
  const std::vector<ClosedDay>& days() const { return days_; }  // rising
  const ClosedDay* Latest() const;
  const ClosedDay* Find(Day day) const;

  // Closed days in [from, to].
  unsigned Count(Day from, Day to) const { return bits_.Count(from, to); }
  // The n-th latest closed day not after `day`, n >= 1; nothing when there are fewer.
  std::optional<Day> NthLatest(unsigned n, Day day) const;
  // The oldest closed day that is kept.
  std::optional<Day> Oldest() const;
  // Semesters of the school year of `day` up to `day`, in order.
  std::vector<Semester> SemestersUpTo(Day day) const;
  const DayBits& bits() const { return bits_; }

  bool operator==(const ClosedDays& other) const { return days_ == other.days_; }

 private:
  std::vector<ClosedDay> days_;
  DayBits bits_;
};

core::Status CheckClosedDay(const ClosedDay& day);

// Canonical bytes with a version and a checksum: equal values have equal bytes. kCorrupt when they are not ours.
std::string Encode(const ClosedDays& days);
core::Result<ClosedDays> DecodeClosedDays(std::string_view bytes);

}  // namespace tilts::risk_scoring
