#pragma once

#include <string>
#include <vector>

#include "calendar/calendar.hpp"
#include "core/result.hpp"
#include "registry/app/register_app.hpp"

namespace tilts::registry {

// Every *.json of the folder, validated; in the order of their ids.
core::Result<std::vector<ServedCalendar>> LoadCalendars(const std::string& folder);

// The calendar by which school days are closed: `schools`. kUnavailable when it is missing, kInvalid of another kind.
core::Result<calendar::Calendar> SchoolCalendar(const std::vector<ServedCalendar>& calendars);

// <folder>/institutions.json, validated against the calendars.
core::Result<std::vector<Institution>> LoadSeed(const std::string& folder,
                                                const std::vector<ServedCalendar>& calendars);

}  // namespace tilts::registry
