#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "core/result.hpp"
#include "risk_scoring/domain/day.hpp"

namespace tilts::risk_scoring {

using RecordId = std::array<std::uint8_t, 16>;

// The contract's code lists by the same numbers.
enum class BehaviourKind : std::uint8_t { kUnspecified = 0, kIncident = 1, kSuspension = 2 };

// What each kind says; the units are those of tilts.facts.v1.
struct Enrolment {
  Day from_day = 0;  // key
  Day to_day = 0;    // last day; 0: still enrolled
  std::uint8_t end_reason = 0;
  std::uint8_t stage = 0;
  std::uint8_t grade = 0;

  bool operator==(const Enrolment&) const = default;
};
struct Attendance {
  Day day = 0;               // key
  std::uint8_t offered = 0;  // 1 to 15; the three absences together are not more
  std::uint8_t late = 0;
  std::uint8_t unknown = 0;
  std::uint8_t excused = 0;
  std::uint8_t unexcused = 0;

  bool operator==(const Attendance&) const = default;
};
struct SubjectResult {
  Day day = 0;               // its school year is key
  std::uint8_t period = 0;   // key: 1 or 2
  std::string subject_code;  // key: 1 to 16 characters
  std::uint8_t mark = 0;     // 1 to 10

  bool operator==(const SubjectResult&) const = default;
};
struct Repetition {
  Day day = 0;  // its school year is key
  std::uint8_t grade = 0;

  bool operator==(const Repetition&) const = default;
};
struct Behaviour {  // the record id is key
  Day day = 0;
  BehaviourKind kind = BehaviourKind::kUnspecified;

  bool operator==(const Behaviour&) const = default;
};

// One fact about one pupil. A withdrawn one says its key only; whatever else it says is not looked at.
struct Fact {
  RecordId record_id{};
  std::uint16_t revision = 0;  // 1 to 65535
  bool withdrawn = false;
  std::string institution_id;  // 1 to 255 bytes
  std::variant<Enrolment, Attendance, SubjectResult, Repetition, Behaviour> content;

  bool operator==(const Fact&) const = default;
};

// "enrolment", "attendance", "result", "repetition", "behaviour"
const char* KindOf(const Fact& fact);

// kInvalid, with a violation for each field that is outside its range. Apply must be given none of these.
core::Status CheckFact(const Fact& fact);

}  // namespace tilts::risk_scoring
