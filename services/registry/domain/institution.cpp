#include "registry/domain/institution.hpp"

#include <algorithm>
#include <utility>

namespace tilts::registry {
namespace {

using core::Errc;
using core::Fail;
using core::Violation;

constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostUnits = 500;
constexpr unsigned kDayMinutes = 24 * 60;

class Complaints {
 public:
  void Add(std::string field, std::string code, std::string message) {
    list_.push_back({std::move(field), std::move(code), std::move(message)});
  }
  void Check(bool right, std::string field, std::string code, std::string message) {
    if (!right) Add(std::move(field), std::move(code), std::move(message));
  }
  core::Status Finish() && {
    if (list_.empty()) return {};
    return Fail({Errc::kInvalid, "mend the fields named", "INSTITUTION_INVALID", std::move(list_), 0});
  }

 private:
  std::vector<Violation> list_;
};

bool IsName(const std::string& text) {
  return !text.empty() && text.size() <= kMostNameBytes;
}

// Municipality and district codes: "LV-RIX", "LV-062", "riga-centre".
bool IsTerritory(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void CheckTerritory(const std::vector<std::string>& territory, const std::string& field, Complaints& complaints) {
  for (std::size_t i = 0; i < territory.size(); ++i) {
    complaints.Check(IsTerritory(territory[i]), field + "[" + std::to_string(i) + "]", "TERRITORY_CODE",
                     "give a municipality or district code such as LV-RIX");
  }
}

void CheckUnits(const Institution& institution, Complaints& complaints) {
  complaints.Check(institution.units.size() <= kMostUnits, "units", "TOO_MANY", "give at most 500 units");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < institution.units.size(); ++i) {
    const Unit& unit = institution.units[i];
    const std::string field = "units[" + std::to_string(i) + "]";
    complaints.Check(IsCode(unit.unit_id), field + ".unit_id", "CODE_FORMAT", "use 1 to 64 of a-z, 0-9 and hyphen");
    complaints.Check(seen.insert(unit.unit_id).second, field + ".unit_id", "TWICE", "give each unit once");
    complaints.Check(IsName(unit.name), field + ".name", "NAME_LENGTH", "give a name of at most 200 bytes");
    CheckTerritory(unit.territory, field + ".territory", complaints);
  }
}

void CheckHours(const Institution& institution, Complaints& complaints) {
  std::map<unsigned, unsigned> closed_until;
  for (std::size_t i = 0; i < institution.duty_hours.size(); ++i) {
    const OfficeHours& hours = institution.duty_hours[i];
    const std::string field = "duty_hours[" + std::to_string(i) + "]";
    complaints.Check(hours.weekday >= 1 && hours.weekday <= 7, field + ".weekday", "WEEKDAY", "1 Monday to 7 Sunday");
    unsigned& free_from = closed_until[hours.weekday];
    complaints.Check(
        hours.from_minute >= free_from && hours.from_minute < hours.to_minute && hours.to_minute <= kDayMinutes, field,
        "HOURS_ORDER", "give the intervals of a day in order, without overlap, within 0 to 1440");
    free_from = hours.to_minute;
  }
}

void CheckSuccessor(const Institution& institution, const Surroundings& known, Complaints& complaints) {
  if (institution.successor_id.empty()) return;
  complaints.Check(institution.valid_to.has_value(), "valid_to", "VALIDITY",
                   "an institution with a successor needs the end of its validity");
  std::string next = institution.successor_id;
  for (std::size_t steps = 0; steps <= known.successors.size() + 1; ++steps) {
    if (next == institution.institution_id) {
      return complaints.Add("successor_id", "SUCCESSOR_CYCLE", "an institution cannot succeed itself");
    }
    const auto found = known.successors.find(next);
    if (found == known.successors.end()) return;
    next = found->second;
  }
}

void CheckReferences(const Institution& institution, const Surroundings& known, Complaints& complaints) {
  complaints.Check(known.calendars.contains(institution.calendar_id), "calendar_id", "CALENDAR_UNKNOWN",
                   "give the id of a calendar that is served");
  const auto exists = [&](const std::string& id) { return id.empty() || known.institutions.contains(id); };
  complaints.Check(exists(institution.successor_id), "successor_id", "INSTITUTION_UNKNOWN", "register it first");
  complaints.Check(exists(institution.supervisor_id), "supervisor_id", "INSTITUTION_UNKNOWN", "register it first");
  complaints.Check(institution.supervisor_id != institution.institution_id, "supervisor_id", "SUPERVISOR_SELF",
                   "nobody supervises itself");
  CheckSuccessor(institution, known, complaints);
}

// The stored row with what an institution may change by itself taken from `wanted`.
Institution WithOwnFields(Institution stored, const Institution& wanted) {
  stored.units = wanted.units;
  stored.duty_hours = wanted.duty_hours;
  stored.round_the_clock = wanted.round_the_clock;
  stored.at_capacity = wanted.at_capacity;
  return stored;
}

}  // namespace

bool IsCode(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

core::Status Validate(const Institution& institution, const Surroundings& known) {
  Complaints complaints;
  complaints.Check(IsCode(institution.institution_id), "institution_id", "CODE_FORMAT",
                   "use 1 to 64 of a-z, 0-9 and hyphen");
  complaints.Check(institution.kind != InstitutionKind::kUnspecified, "kind", "REQUIRED", "say what kind it is");
  complaints.Check(IsName(institution.name_lv), "name_lv", "NAME_LENGTH", "give a name of at most 200 bytes");
  complaints.Check(IsName(institution.name_en), "name_en", "NAME_LENGTH", "give a name of at most 200 bytes");
  complaints.Check(IsTerritory(institution.municipality), "municipality", "TERRITORY_CODE",
                   "give a municipality code such as LV-RIX");
  complaints.Check(institution.valid_from.has_value(), "valid_from", "REQUIRED", "say from when it is valid");
  complaints.Check(!institution.valid_to || !institution.valid_from || *institution.valid_from < *institution.valid_to,
                   "valid_to", "VALIDITY", "the end must lie after the start");
  CheckTerritory(institution.territory, "territory", complaints);
  CheckUnits(institution, complaints);
  CheckHours(institution, complaints);
  CheckReferences(institution, known, complaints);
  return std::move(complaints).Finish();
}

core::Result<Institution> DecidePut(const std::optional<Institution>& stored, Institution wanted, const Actor& actor,
                                    const Surroundings& known) {
  if (!actor.is_operator) {
    if (!stored || actor.institution_id != stored->institution_id) {
      return Fail(Errc::kDenied, "change only the institution you act for", "INSTITUTION_NOT_YOURS");
    }
    Institution allowed = WithOwnFields(*stored, wanted);
    allowed.version = wanted.version;
    if (allowed != wanted) {
      return Fail(Errc::kDenied, "an institution changes its units, hours and capacity; ask the operator for the rest",
                  "FIELD_NOT_YOURS");
    }
  }
  const std::uint64_t current = stored ? stored->version : 0;
  if (wanted.version != current) {
    return Fail(Errc::kConflict, "read the institution again: its version is now " + std::to_string(current),
                "INSTITUTION_VERSION");
  }
  TILTS_CHECK(Validate(wanted, known));
  wanted.version = current + 1;
  return wanted;
}

}  // namespace tilts::registry
