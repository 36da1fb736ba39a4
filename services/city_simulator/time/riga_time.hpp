#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

// The simulator's own reading of civil time in Riga, written apart from the services' calendar code so that a mistake
// there is not repeated here: it knows the European daylight-saving rule and nothing of a zone database.
namespace tilts::city_simulator {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Day = std::chrono::sys_days;
using Minutes = std::chrono::minutes;

// Two hours in winter, three from 01:00 UTC of March's last Sunday to 01:00 UTC of October's.
Minutes RigaOffset(Instant at);

// The civil day in Riga and the minutes since its midnight by the wall clock.
struct RigaMoment {
  Day day;
  std::chrono::microseconds since_midnight;
};
RigaMoment InRiga(Instant at);
Instant FromRiga(Day day, std::chrono::microseconds since_midnight);

// RFC 3339 with Z, as the API writes it; fractions up to microseconds.
std::string Write(Instant at);
std::optional<Instant> Read(std::string_view text);
std::string WriteDay(Day day);
std::optional<Day> ReadDay(std::string_view text);
// "Mon 2025-10-27 08:30" in Riga, for people.
std::string ForPeople(Instant at);

}  // namespace tilts::city_simulator
