#include "registry/adapters/data_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "calendar/calendar_data.hpp"
#include "core/concat.hpp"
#include "registry/app/seed.hpp"

namespace tilts::registry {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Fail;
using core::Result;

Result<std::string> ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(Errc::kUnavailable, core::Concat("cannot read the data file ", path.string()), "DATA_FILE");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<ServedCalendar> LoadCalendar(const fs::path& path) {
  TILTS_ASSIGN(std::string json, ReadFile(path));
  auto calendar = calendar::ParseCalendar(json);
  if (!calendar) {
    core::Error error = std::move(calendar).error();
    error.message = core::Concat(path.filename().string(), ": ", error.message);
    return Fail(std::move(error));
  }
  return ServedCalendar{calendar->id(), calendar->version(), std::move(json)};
}

}  // namespace

Result<std::vector<ServedCalendar>> LoadCalendars(const std::string& folder) {
  std::vector<ServedCalendar> calendars;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".json") continue;
    TILTS_ASSIGN(ServedCalendar loaded, LoadCalendar(entry.path()));
    calendars.push_back(std::move(loaded));
  }
  if (error || calendars.empty()) {
    return Fail(Errc::kUnavailable, core::Concat("no calendars in ", folder, ": set data_dir"), "DATA_FILE");
  }
  std::ranges::sort(calendars, {}, &ServedCalendar::calendar_id);
  const auto twice = std::ranges::adjacent_find(calendars, {}, &ServedCalendar::calendar_id);
  if (twice == calendars.end()) return calendars;
  return Fail(Errc::kInvalid, core::Concat("two files hold calendar ", twice->calendar_id), "CALENDAR_TWICE");
}

Result<calendar::Calendar> SchoolCalendar(const std::vector<ServedCalendar>& calendars) {
  const auto found = std::ranges::find(calendars, "schools", &ServedCalendar::calendar_id);
  if (found == calendars.end()) return Fail(Errc::kUnavailable, "there is no calendar schools", "DATA_FILE");
  TILTS_ASSIGN(calendar::Calendar schools, calendar::ParseCalendar(found->json));
  if (schools.kind() == calendar::CalendarKind::kSchoolDays) return schools;
  return Fail(Errc::kInvalid, "calendar schools must be of kind SCHOOL_DAYS", "CALENDAR_KIND");
}

Result<std::vector<Institution>> LoadSeed(const std::string& folder, const std::vector<ServedCalendar>& calendars) {
  TILTS_ASSIGN(const std::string json, ReadFile(fs::path(folder) / "institutions.json"));
  std::set<std::string> ids;
  for (const ServedCalendar& calendar : calendars) ids.insert(calendar.calendar_id);
  return ParseSeed(json, ids);
}

}  // namespace tilts::registry
