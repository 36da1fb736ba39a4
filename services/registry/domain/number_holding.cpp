#include "registry/domain/number_holding.hpp"

#include <algorithm>

#include "calendar/school_year.hpp"

namespace tilts::registry {

using calendar::LocalDate;
using core::CityTime;
using std::chrono::days;

const Holding* HolderAt(const std::vector<Holding>& holdings, CityTime at) {
  const Holding* holder = nullptr;
  for (const Holding& one : holdings) {
    if (one.from <= at && (holder == nullptr || one.from > holder->from)) holder = &one;
  }
  return holder;
}

Claim DecideClaim(const std::vector<Holding>& holdings, CityTime at) {
  Claim claim{holdings.empty() ? kSinceEver : at, {}, std::nullopt};
  for (const Holding& one : holdings) {
    const bool always = one.from == kSinceEver;
    if (one.claimed == at) claim.replaced.push_back(one.row);
    if (one.claimed > at && always) claim.narrowed = one.row;
    if (one.claimed >= at && always) claim.from = kSinceEver;
  }
  return claim;
}

calendar::DateRange SchoolYearAround(LocalDate day) {
  using std::chrono::September;
  const std::chrono::year_month_day date{day};
  const auto first = date.month() < September ? date.year() - std::chrono::years{1} : date.year();
  return {LocalDate(first / September / 1), LocalDate((first + std::chrono::years{1}) / September / 1) - days{1}};
}

core::Status CheckSchoolYearOver(const std::string& school_year, CityTime now) {
  const auto first = calendar::ParseDate(school_year.substr(0, 4) + "-09-01");
  if (!first || calendar::SchoolYearOf(calendar::StartOfDay(*first)) != school_year) {
    const std::string message = "name a school year, for example 2025/26";
    return core::Fail({core::Errc::kInvalid, message, "SCHOOL_YEAR", {{"school_year", "SCHOOL_YEAR", message}}, 0});
  }
  if (SchoolYearAround(*first).to < calendar::RigaDate(now)) return {};
  return core::Fail(core::Errc::kRefused, "the school year is not over", "SCHOOL_YEAR_OPEN");
}

HolderOnDay FindHolder(const std::vector<Holding>& holdings, LocalDate day) {
  const Holding* holder = HolderAt(holdings, calendar::EndOfDay(day) - std::chrono::microseconds{1});
  if (holder == nullptr) return {};
  HolderOnDay found{holder->person_id, SchoolYearAround(day)};
  if (holder->from != kSinceEver) found.days.from = std::max(found.days.from, calendar::RigaDate(holder->from));
  for (const Holding& other : holdings) {
    if (other.from > holder->from) {
      found.days.to = std::min(found.days.to, calendar::RigaDate(other.from) - days{1});
    }
  }
  return found;
}

}  // namespace tilts::registry
