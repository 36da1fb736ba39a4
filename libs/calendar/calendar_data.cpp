#include "calendar/calendar_data.hpp"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <array>
#include <nlohmann/json.hpp>

#include "calendar/json_reader.hpp"

namespace tilts::calendar {
namespace {

using core::Errc;
using core::Fail;
using core::Result;
using internal::JsonReader;
using nlohmann::json;

constexpr std::array<std::string_view, 7> kWeekdays{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};

// Dates are confirmed by an official source, or assumed until one appears.
Result<bool> ReadAssumed(const JsonReader& entry) {
  if (!entry.Has("status")) return false;
  TILTS_ASSIGN(const JsonReader field, entry.At("status"));
  TILTS_ASSIGN(const std::string status, field.Text());
  if (status != "confirmed" && status != "assumed") return field.Wrong("confirmed or assumed");
  return status == "assumed";
}

Result<DateRange> ReadRange(const JsonReader& entry) {
  TILTS_ASSIGN(const LocalDate from, entry.Date("from"));
  TILTS_ASSIGN(const LocalDate to, entry.Date("to"));
  if (to < from) return entry.Wrong("a range whose end is not before its start");
  return DateRange{from, to};
}

Result<OpenInterval> ReadInterval(const JsonReader& entry) {
  if (!entry.value().is_array() || entry.value().size() != 2) return entry.Wrong("a pair like [\"08:30\", \"17:00\"]");
  TILTS_ASSIGN(const JsonReader opens, entry.At(std::size_t{0}));
  TILTS_ASSIGN(const JsonReader closes, entry.At(std::size_t{1}));
  TILTS_ASSIGN(const std::string opens_text, opens.Text());
  TILTS_ASSIGN(const std::string closes_text, closes.Text());
  const auto from = ParseTimeOfDay(opens_text);
  const auto to = ParseTimeOfDay(closes_text);
  if (!from || !to) return entry.Wrong("a pair of times of day like 08:30");
  return OpenInterval{*from, *to};
}

Result<DutyHours> ReadHours(const JsonReader& entry) {
  TILTS_CHECK(entry.OnlyKeys({"week", "round_the_clock"}));
  DutyHours hours;
  TILTS_ASSIGN(hours.round_the_clock, entry.Flag("round_the_clock"));
  TILTS_ASSIGN(const JsonReader week, entry.At("week"));
  TILTS_CHECK(week.OnlyKeys({"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"}));
  for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
    TILTS_ASSIGN(const auto intervals, week.List(kWeekdays[day]));
    for (const JsonReader& interval : intervals) {
      TILTS_ASSIGN(const OpenInterval read, ReadInterval(interval));
      hours.week[day].push_back(read);
    }
  }
  if (auto status = Validate(hours); !status) return entry.Wrong(status.error().message);
  return hours;
}

core::Status ReadHolidays(const JsonReader& file, CalendarData& data) {
  TILTS_ASSIGN(const auto holidays, file.List("holidays"));
  for (const JsonReader& entry : holidays) {
    TILTS_CHECK(entry.OnlyKeys({"date", "name", "status"}));
    TILTS_CHECK(entry.Text("name"));
    TILTS_CHECK(ReadAssumed(entry));
    TILTS_ASSIGN(const LocalDate date, entry.Date("date"));
    data.holidays.push_back(date);
  }
  return {};
}

core::Status ReadMovedDays(const JsonReader& file, CalendarData& data) {
  TILTS_ASSIGN(const auto moved_days, file.List("moved_days"));
  for (const JsonReader& entry : moved_days) {
    TILTS_CHECK(entry.OnlyKeys({"day_off", "worked"}));
    TILTS_ASSIGN(const LocalDate day_off, entry.Date("day_off"));
    TILTS_ASSIGN(const LocalDate worked, entry.Date("worked"));
    data.moved_days.push_back({day_off, worked});
  }
  return {};
}

Result<Semester> ReadSemester(const JsonReader& entry) {
  TILTS_CHECK(entry.OnlyKeys({"school_year", "number", "from", "to", "later_ends", "status"}));
  Semester semester;
  TILTS_ASSIGN(semester.school_year, entry.Text("school_year"));
  TILTS_ASSIGN(semester.number, entry.Number("number"));
  TILTS_ASSIGN(semester.dates, ReadRange(entry));
  TILTS_ASSIGN(semester.assumed, ReadAssumed(entry));
  TILTS_ASSIGN(const auto later_ends, entry.List("later_ends"));
  for (const JsonReader& later : later_ends) {
    TILTS_CHECK(later.OnlyKeys({"grade", "to"}));
    TILTS_ASSIGN(const int grade, later.Number("grade"));
    TILTS_ASSIGN(const LocalDate to, later.Date("to"));
    semester.later_ends[grade] = to;
  }
  return semester;
}

core::Status ReadSchoolDays(const JsonReader& file, CalendarData& data) {
  TILTS_ASSIGN(const auto semesters, file.List("semesters"));
  for (const JsonReader& entry : semesters) {
    TILTS_ASSIGN(Semester semester, ReadSemester(entry));
    data.semesters.push_back(std::move(semester));
  }
  TILTS_ASSIGN(const auto breaks, file.List("breaks"));
  for (const JsonReader& entry : breaks) {
    TILTS_CHECK(entry.OnlyKeys({"from", "to", "name", "status"}));
    TILTS_CHECK(ReadAssumed(entry));
    TILTS_ASSIGN(const DateRange range, ReadRange(entry));
    data.breaks.push_back(range);
  }
  return {};
}

Result<CalendarKind> ReadKind(const JsonReader& file) {
  TILTS_ASSIGN(const JsonReader field, file.At("kind"));
  TILTS_ASSIGN(const std::string kind, field.Text());
  if (kind == "WORKING_DAYS") return CalendarKind::kWorkingDays;
  if (kind == "SCHOOL_DAYS") return CalendarKind::kSchoolDays;
  return field.Wrong("WORKING_DAYS or SCHOOL_DAYS");
}

Result<json> ParseJson(std::string_view text) {
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return Fail(Errc::kInvalid, "calendar data is not well-formed JSON", "CALENDAR_DATA");
  return parsed;
}

}  // namespace

Result<Calendar> ParseCalendar(std::string_view text) {
  TILTS_ASSIGN(const json parsed, ParseJson(text));
  const JsonReader file(parsed, "$");
  TILTS_CHECK(file.OnlyKeys({"id", "version", "kind", "zone", "source", "covers", "unknown", "hours", "holidays",
                             "moved_days", "semesters", "breaks"}));
  CalendarData data;
  TILTS_ASSIGN(data.id, file.Text("id"));
  TILTS_ASSIGN(data.version, file.Text("version"));
  TILTS_ASSIGN(data.source, file.Text("source"));
  TILTS_ASSIGN(data.kind, ReadKind(file));
  TILTS_ASSIGN(const std::string zone, file.Text("zone"));
  if (zone != "Europe/Riga") return file.Wrong("in zone Europe/Riga");
  TILTS_ASSIGN(const JsonReader covers, file.At("covers"));
  TILTS_ASSIGN(data.covers, ReadRange(covers));
  TILTS_ASSIGN(const auto unknown, file.List("unknown"));
  for (const JsonReader& entry : unknown) TILTS_CHECK(entry.Text());
  TILTS_ASSIGN(const JsonReader hours, file.At("hours"));
  TILTS_ASSIGN(data.hours, ReadHours(hours));
  TILTS_CHECK(ReadHolidays(file, data));
  TILTS_CHECK(ReadMovedDays(file, data));
  TILTS_CHECK(ReadSchoolDays(file, data));
  return Calendar::Make(std::move(data));
}

Result<DutyHours> ParseDutyHours(std::string_view text) {
  TILTS_ASSIGN(const json parsed, ParseJson(text));
  return ReadHours(JsonReader(parsed, "$"));
}

std::string FormatDutyHours(const DutyHours& hours) {
  const auto clock = [](std::chrono::minutes time) {
    return absl::StrFormat("%02d:%02d", time.count() / 60, time.count() % 60);
  };
  json week = json::object();
  for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
    for (const OpenInterval& interval : hours.week[day]) {
      week[std::string(kWeekdays[day])].push_back({clock(interval.opens), clock(interval.closes)});
    }
  }
  return json{{"week", week}, {"round_the_clock", hours.round_the_clock}}.dump();
}

Result<CalendarSet> CalendarSet::Parse(std::span<const std::string> files) {
  CalendarSet set;
  for (const std::string& file : files) {
    TILTS_ASSIGN(Calendar calendar, ParseCalendar(file));
    const std::string id = calendar.id();
    if (!set.calendars_.emplace(id, std::move(calendar)).second) {
      return Fail(Errc::kInvalid, absl::StrCat("calendar ", id, " is given twice"), "CALENDAR_TWICE");
    }
  }
  return set;
}

Result<Calendar> CalendarSet::Find(std::string_view id) const {
  const auto found = calendars_.find(id);
  if (found != calendars_.end()) return found->second;
  const std::string known =
      absl::StrJoin(calendars_, ", ", [](std::string* out, const auto& entry) { out->append(entry.first); });
  return Fail(Errc::kNotFound, absl::StrCat("no such calendar; there are: ", known), "CALENDAR_UNKNOWN");
}

}  // namespace tilts::calendar
