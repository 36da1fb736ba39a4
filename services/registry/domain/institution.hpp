#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::registry {

// Numbers of the contract's InstitutionKind. Rules here know only the institution that runs Tilts.
enum class InstitutionKind : int { kUnspecified = 0, kOperator = 27 };

struct Unit {
  std::string unit_id;
  std::string name;
  std::vector<std::string> territory;

  bool operator==(const Unit&) const = default;
};

struct OfficeHours {
  unsigned weekday = 0;  // 1 Monday to 7 Sunday
  unsigned from_minute = 0;
  unsigned to_minute = 0;

  bool operator==(const OfficeHours&) const = default;
};

struct Institution {
  std::string institution_id;
  InstitutionKind kind = InstitutionKind::kUnspecified;
  std::string name_lv;
  std::string name_en;
  std::string municipality;
  std::vector<std::string> territory;
  std::vector<Unit> units;
  std::string calendar_id;
  std::vector<OfficeHours> duty_hours;
  bool round_the_clock = false;
  bool at_capacity = false;
  std::optional<core::CityTime> valid_from;
  std::optional<core::CityTime> valid_to;
  std::string successor_id;
  std::string supervisor_id;
  bool external = false;
  unsigned preference = 0;
  std::uint64_t version = 0;

  bool operator==(const Institution&) const = default;
};

// What the register already knows, as far as a change must agree with it.
struct Surroundings {
  std::set<std::string, std::less<>> institutions;
  std::set<std::string, std::less<>> calendars;
  std::map<std::string, std::string, std::less<>> successors;  // institution -> successor
};

// 1 to 64 of a-z, 0-9 and hyphen: stable, readable, fit for a path.
bool IsCode(std::string_view text);

// Field-level violations, all at once.
core::Status Validate(const Institution& institution, const Surroundings& known);

struct Actor {
  bool is_operator = false;
  std::string institution_id;
};

// What is stored after the change, with its new version. An institution itself may change what it alone
// knows: units, hours, capacity. Everything else is the operator's. Refusals:
//   kDenied INSTITUTION_NOT_YOURS, FIELD_NOT_YOURS; kConflict INSTITUTION_VERSION; kInvalid with violations
core::Result<Institution> DecidePut(const std::optional<Institution>& stored, Institution wanted, const Actor& actor,
                                    const Surroundings& known);

}  // namespace tilts::registry
