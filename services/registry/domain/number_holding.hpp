#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calendar/calendar.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry {

// A number nobody had before is taken to have belonged to its person always: facts arrive late.
inline constexpr core::CityTime kSinceEver{};

// That somebody has an identifier. Holders of one number follow each other: each until the next one's `from`.
struct Holding {
  std::int64_t row = 0;
  std::string person_id;   // the root
  core::CityTime from;     // kSinceEver for the first holder
  core::CityTime claimed;  // when the holder is known to have had it; >= from

  bool operator==(const Holding&) const = default;
};

// Null: nobody has it at that time.
const Holding* HolderAt(const std::vector<Holding>& holdings, core::CityTime at);

// How a further holder, known to have the number at a time, takes its place among the others. An enrolment that is
// heard late goes before holders that came later; what they had since ever then begins with their own claim.
struct Claim {
  core::CityTime from;
  std::vector<std::int64_t> replaced;    // rows that claim the same time
  std::optional<std::int64_t> narrowed;  // the row that begins with its own claim from now on

  bool operator==(const Claim&) const = default;
};

Claim DecideClaim(const std::vector<Holding>& holdings, core::CityTime at);

// 1 September to 31 August around the day.
calendar::DateRange SchoolYearAround(calendar::LocalDate day);

// kInvalid SCHOOL_YEAR unless it is one ("2025/26"); kRefused SCHOOL_YEAR_OPEN until it is over.
core::Status CheckSchoolYearOver(const std::string& school_year, core::CityTime now);

// Who has the number on a day, and on which days of that day's school year nobody else has it. A number that changes
// hands within a day is the new holder's on all of it.
struct HolderOnDay {
  std::string person_id;  // empty: nobody
  calendar::DateRange days{};

  bool operator==(const HolderOnDay&) const = default;
};

HolderOnDay FindHolder(const std::vector<Holding>& holdings, calendar::LocalDate day);

}  // namespace tilts::registry
