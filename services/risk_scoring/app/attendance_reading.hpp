#pragma once

#include <optional>
#include <string_view>

#include "risk_scoring/domain/fact.hpp"

namespace tilts::risk_scoring {

// The kind that comes by the million, read from the record's own bytes.
struct AttendanceRead {
  std::string_view pupil_id;  // in those bytes
  Fact fact;
};

// `value`: of a record. Nothing: another kind, or not quite as this house writes it; then the contract's classes read
// it and judge it. What is given here they accept and read the same.
std::optional<AttendanceRead> ReadAttendance(std::string_view value);

}  // namespace tilts::risk_scoring
