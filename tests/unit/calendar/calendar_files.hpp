#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "calendar/calendar_data.hpp"

namespace tilts::calendar::testing {

inline std::string ReadCalendarFile(const std::string& id) {
  std::ifstream file(std::string(TILTS_SOURCE_DIR) + "/services/registry/data/calendars/" + id + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The shipped calendars are the ones under test.
inline const Calendar& Load(const std::string& id) {
  static std::map<std::string, Calendar> loaded;
  const auto found = loaded.find(id);
  if (found != loaded.end()) return found->second;
  auto calendar = ParseCalendar(ReadCalendarFile(id));
  if (!calendar) throw std::runtime_error(calendar.error().message);
  return loaded.emplace(id, *calendar).first->second;
}

// "2025-04-30 10:15" on the wall clock of Riga.
inline core::CityTime Riga(const std::string& text) {
  return FromRiga(LocalTime{ParseDate(text.substr(0, 10)).value()} + ParseTimeOfDay(text.substr(11)).value());
}

inline LocalDate Day(const std::string& text) {
  return ParseDate(text).value();
}

}  // namespace tilts::calendar::testing
