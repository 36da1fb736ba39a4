#include "risk_scoring/domain/closed_days.hpp"

#include <algorithm>

#include "risk_scoring/domain/byte_codec.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr unsigned kVersion = 1;

bool Before(const ClosedDay& closed, Day day) {
  return closed.day < day;
}

bool SameSemester(const ClosedDay& a, const ClosedDay& b) {
  return a.school_year == b.school_year && a.semester == b.semester && a.semester_from_day == b.semester_from_day &&
         a.school_year_from_day == b.school_year_from_day;
}

}  // namespace

bool ClosedDays::Close(const ClosedDay& day) {
  const auto place = std::lower_bound(days_.begin(), days_.end(), day.day, Before);
  if (place != days_.end() && place->day == day.day) return false;
  days_.insert(place, day);
  bits_.Set(day.day);
  const int oldest_year = days_.back().school_year - 1;
  const auto old = [&](const ClosedDay& closed) { return closed.school_year < oldest_year; };
  if (!old(days_.front())) return true;
  std::erase_if(days_, old);
  bits_ = {};
  for (const ClosedDay& closed : days_) bits_.Set(closed.day);
  return true;
}

const ClosedDay* ClosedDays::Latest() const {
  return days_.empty() ? nullptr : &days_.back();
}

const ClosedDay* ClosedDays::Find(Day day) const {
  const auto place = std::lower_bound(days_.begin(), days_.end(), day, Before);
  return place == days_.end() || place->day != day ? nullptr : &*place;
}

std::optional<Day> ClosedDays::NthLatest(unsigned n, Day day) const {
  const auto after = std::lower_bound(days_.begin(), days_.end(), day + 1, Before);
  const auto count = static_cast<std::size_t>(after - days_.begin());
  if (n == 0 || n > count) return std::nullopt;
  return days_[count - n].day;
}

std::optional<Day> ClosedDays::Oldest() const {
  if (days_.empty()) return std::nullopt;
  return days_.front().day;
}

std::vector<Semester> ClosedDays::SemestersUpTo(Day day) const {
  std::vector<Semester> semesters;
  const ClosedDay* latest = Find(day);
  if (latest == nullptr) return semesters;
  for (const ClosedDay& closed : days_) {
    if (closed.day > day || closed.school_year != latest->school_year) continue;
    if (semesters.empty() || semesters.back().number != closed.semester) {
      semesters.push_back({closed.school_year, closed.semester, closed.semester_from_day, closed.day});
    }
    semesters.back().last_closed_day = closed.day;
  }
  return semesters;
}

core::Status CheckClosedDay(const ClosedDay& day) {
  std::vector<core::Violation> found;
  const auto require = [&](bool holds, const char* field, const char* message) {
    if (!holds) found.push_back({field, "OUT_OF_RANGE", message});
  };
  require(day.day >= kFirstDay && day.day <= kLastDay, "day", "days since 1970-01-01, up to 2149-06-06");
  require(day.school_year >= 1970 && day.school_year <= 2149, "school_year", "like 2025/26");
  require(day.semester == 1 || day.semester == 2, "semester", "1 or 2");
  require(day.school_year_from_day >= kFirstDay && day.school_year_from_day <= day.semester_from_day,
          "school_year_from_day", "not after the semester's first day");
  require(day.semester_from_day <= day.day, "semester_from_day", "not after the day");
  if (found.empty()) return {};
  return core::Fail({core::Errc::kInvalid, "a closed school day has fields outside their ranges", "DAY_INVALID",
                     std::move(found), 0});
}

std::string Encode(const ClosedDays& days) {
  ByteWriter out;
  out.Byte(kVersion);
  out.Number(static_cast<std::uint32_t>(days.days().size()));
  ClosedDay previous;
  for (const ClosedDay& closed : days.days()) {
    const bool same = SameSemester(closed, previous);
    out.Number(static_cast<std::uint32_t>(closed.day - previous.day) << 1 | (same ? 0U : 1U));
    if (!same) {
      out.Number(static_cast<std::uint32_t>(closed.school_year));
      out.Byte(closed.semester);
      out.Number(static_cast<std::uint32_t>(closed.semester_from_day));
      out.Number(static_cast<std::uint32_t>(closed.school_year_from_day));
    }
    previous = closed;
  }
  return out.Finish();
}

core::Result<ClosedDays> DecodeClosedDays(std::string_view bytes) {
  ByteReader in(bytes);
  in.Require(in.Byte() == kVersion);
  ClosedDays days;
  ClosedDay closed;
  for (std::size_t left = in.Count(); left > 0 && !in.broken(); --left) {
    const std::uint32_t step = in.Number();
    in.Require(step > 1 && step >> 1 <= static_cast<std::uint32_t>(kLastDay));
    if (in.broken()) break;
    closed.day += static_cast<Day>(step >> 1);
    if ((step & 1) != 0) {
      closed.school_year = static_cast<int>(in.Number() & 0xFFFF);
      closed.semester = in.Byte();
      closed.semester_from_day = static_cast<Day>(in.Number() & 0xFFFF);
      closed.school_year_from_day = static_cast<Day>(in.Number() & 0xFFFF);
    }
    in.Require(CheckClosedDay(closed).has_value());
    if (!in.broken()) days.Close(closed);
  }
  if (!in.complete()) return core::Fail(core::Errc::kCorrupt, "the closed days are not as they were written");
  return days;
}

}  // namespace tilts::risk_scoring
