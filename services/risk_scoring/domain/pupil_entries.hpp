#pragma once

#include <compare>
#include <cstdint>
#include <tuple>

#include "risk_scoring/domain/fact.hpp"

namespace tilts::risk_scoring {

using InstitutionIndex = std::uint16_t;

// What is kept of one record: its key, its newest revision and its contribution. A withdrawn record keeps its key and
// revision, with a contribution of zeros. `Key` orders the entries, `Contribution` decides between equal revisions.
struct EnrolmentEntry {
  std::uint16_t from_day = 0;
  InstitutionIndex institution = 0;
  std::uint16_t revision = 0;
  bool withdrawn = false;
  std::uint8_t end_reason = 0;
  std::uint8_t stage = 0;
  std::uint8_t grade = 0;
  std::uint16_t to_day = 0;

  auto Key() const { return std::tuple(from_day, institution); }
  auto Contribution() const { return std::tuple(withdrawn, to_day, end_reason, stage, grade); }
  bool operator==(const EnrolmentEntry&) const = default;
};

struct AttendanceEntry {
  std::uint16_t day = 0;
  InstitutionIndex institution = 0;
  std::uint16_t revision = 0;
  std::uint8_t offered = 0;  // 0: withdrawn
  std::uint8_t late = 0;
  std::uint8_t unknown = 0;
  std::uint8_t excused = 0;
  std::uint8_t unexcused = 0;

  bool withdrawn() const { return offered == 0; }
  auto Key() const { return std::tuple(day, institution); }
  auto Contribution() const { return std::tuple(withdrawn(), offered, late, unknown, excused, unexcused); }
  bool operator==(const AttendanceEntry&) const = default;
};

struct ResultEntry {
  std::uint16_t school_year = 0;
  std::uint8_t period = 0;
  std::uint8_t mark = 0;  // 0: withdrawn
  InstitutionIndex institution = 0;
  std::uint16_t subject = 0;  // index into the state's subjects
  std::uint16_t revision = 0;
  std::uint16_t day = 0;

  bool withdrawn() const { return mark == 0; }
  auto Key() const { return std::tuple(school_year, period, institution, subject); }
  auto Contribution() const { return std::tuple(withdrawn(), day, mark); }
  bool operator==(const ResultEntry&) const = default;
};

struct RepetitionEntry {
  std::uint16_t school_year = 0;
  InstitutionIndex institution = 0;
  std::uint16_t revision = 0;
  std::uint16_t day = 0;  // 0: withdrawn
  std::uint8_t grade = 0;

  bool withdrawn() const { return day == 0; }
  auto Key() const { return std::tuple(school_year, institution); }
  auto Contribution() const { return std::tuple(withdrawn(), day, grade); }
  bool operator==(const RepetitionEntry&) const = default;
};

struct BehaviourEntry {
  RecordId record_id{};
  InstitutionIndex institution = 0;
  std::uint16_t revision = 0;
  std::uint16_t day = 0;
  BehaviourKind kind = BehaviourKind::kUnspecified;  // kUnspecified: withdrawn

  bool withdrawn() const { return kind == BehaviourKind::kUnspecified; }
  auto Key() const { return std::tuple(record_id, institution); }
  auto Contribution() const { return std::tuple(withdrawn(), day, kind); }
  bool operator==(const BehaviourEntry&) const = default;
};

// Statutory limit of one semester: how often it was crossed, and whether the last crossing stands.
struct SemesterCrossings {
  std::uint16_t school_year = 0;
  std::uint8_t semester = 0;
  bool stands = false;
  std::uint16_t crossings = 0;
  InstitutionIndex institution = 0;  // that the last one named

  auto Key() const { return std::tuple(school_year, semester); }
  bool operator==(const SemesterCrossings&) const = default;
};

}  // namespace tilts::risk_scoring
