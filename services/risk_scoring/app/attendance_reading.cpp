#include "risk_scoring/app/attendance_reading.hpp"

#include <tilts/facts/v1/events.pb.h>

#include <algorithm>
#include <limits>

#include "events/envelope_view.hpp"
#include "wire/field_reader.hpp"

namespace tilts::risk_scoring {
namespace {

using facts::v1::AttendanceRecorded;
using facts::v1::Stamp;

constexpr char kType[] = "tilts.facts.v1.AttendanceRecorded";

std::uint8_t Small(wire::FieldReader& fields) {
  return static_cast<std::uint8_t>(fields.Number(std::numeric_limits<std::uint8_t>::max()));
}

bool ReadStamp(std::string_view bytes, Fact& fact) {
  wire::FieldReader fields(bytes);
  std::string_view record_id;
  while (const unsigned field = fields.Next()) {
    switch (field) {
      case Stamp::kRecordIdFieldNumber: record_id = fields.Bytes(); break;
      case Stamp::kRevisionFieldNumber:
        fact.revision = static_cast<std::uint16_t>(fields.Number(std::numeric_limits<std::uint16_t>::max()));
        break;
      case Stamp::kWithdrawnFieldNumber: fact.withdrawn = fields.Number(1) != 0; break;
      case Stamp::kInstitutionIdFieldNumber: fact.institution_id = fields.Text(); break;
      default: fields.Odd();
    }
  }
  if (fields.odd() || record_id.size() != fact.record_id.size()) return false;
  std::copy(record_id.begin(), record_id.end(), fact.record_id.begin());
  return true;
}

}  // namespace

std::optional<AttendanceRead> ReadAttendance(std::string_view value) {
  const std::optional<events::EnvelopeView> envelope = events::ViewEnvelope(value);
  if (!envelope || envelope->type != kType) return std::nullopt;
  std::optional<AttendanceRead> read(std::in_place);
  Attendance attendance;
  bool stamped = false;
  wire::FieldReader fields(envelope->data);
  while (const unsigned field = fields.Next()) {
    switch (field) {
      case AttendanceRecorded::kPupilIdFieldNumber: read->pupil_id = fields.Text(); break;
      case AttendanceRecorded::kStampFieldNumber: stamped = ReadStamp(fields.Bytes(), read->fact); break;
      case AttendanceRecorded::kDayFieldNumber: attendance.day = static_cast<Day>(fields.Number(kLastDay)); break;
      case AttendanceRecorded::kLessonsOfferedFieldNumber: attendance.offered = Small(fields); break;
      case AttendanceRecorded::kLateFieldNumber: attendance.late = Small(fields); break;
      case AttendanceRecorded::kAbsentUnknownFieldNumber: attendance.unknown = Small(fields); break;
      case AttendanceRecorded::kAbsentExcusedFieldNumber: attendance.excused = Small(fields); break;
      case AttendanceRecorded::kAbsentUnexcusedFieldNumber: attendance.unexcused = Small(fields); break;
      default: fields.Odd();
    }
  }
  if (fields.odd() || !stamped) return std::nullopt;
  read->fact.content = attendance;
  if (!CheckFact(read->fact)) return std::nullopt;
  return read;
}

}  // namespace tilts::risk_scoring
