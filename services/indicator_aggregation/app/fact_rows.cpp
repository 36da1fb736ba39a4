// Rows of facts as schools push them.
#include <algorithm>

#include "indicator_aggregation/app/event_rows.hpp"
#include "indicator_aggregation/app/row_check.hpp"
#include "indicator_aggregation/domain/school_year.hpp"

namespace tilts::indicator_aggregation {
namespace {

Row RowOf(const Envelope& envelope, const facts::v1::Stamp& stamp, RowKind kind, int day, const std::string& subject) {
  Row row;
  row.record_id = stamp.record_id();
  row.revision = static_cast<int>(std::min(stamp.revision(), 65'536U));
  row.withdrawn = stamp.withdrawn();
  row.kind = kind;
  row.day = day;
  row.subject_id = subject;
  row.institution_id = stamp.institution_id();
  row.municipality = envelope.municipality();
  return row;
}

// The school year of a fact is that of its day, whatever the envelope says.
core::Result<Additions> Checked(Row row) {
  TILTS_CHECK(CheckRow(row));
  row.school_year = SchoolYearOfDay(row.day);
  Additions additions;
  additions.rows.push_back(std::move(row));
  return additions;
}

int Small(std::uint32_t number) {
  return static_cast<int>(std::min(number, 1'000'000U));
}

}  // namespace

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::EnrolmentRecorded& fact) {
  Row row = RowOf(envelope, fact.stamp(), RowKind::kEnrolment, fact.from_day(), fact.pupil_id());
  row.to_day = fact.to_day();
  row.codes.end_reason = fact.end_reason();
  row.codes.stage = fact.stage();
  row.codes.grade = Small(fact.grade());
  return Checked(std::move(row));
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::AttendanceRecorded& fact) {
  return Checked(RowOf(envelope, fact.stamp(), RowKind::kAttendance, fact.day(), fact.pupil_id()));
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::ResultRecorded& fact) {
  Row row = RowOf(envelope, fact.stamp(), RowKind::kResult, fact.day(), fact.pupil_id());
  row.codes.semester = Small(fact.period());
  row.codes.measure = Small(fact.mark());
  return Checked(std::move(row));
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::RepetitionRecorded& fact) {
  Row row = RowOf(envelope, fact.stamp(), RowKind::kRepetition, fact.day(), fact.pupil_id());
  row.codes.grade = Small(fact.grade());
  return Checked(std::move(row));
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::BehaviourRecorded& fact) {
  Row row = RowOf(envelope, fact.stamp(), RowKind::kBehaviour, fact.day(), fact.pupil_id());
  row.codes.measure = fact.kind();
  return Checked(std::move(row));
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::ConsultationRecorded& fact) {
  Row row = RowOf(envelope, fact.stamp(), RowKind::kConsultation, fact.day(), fact.statistics_id());
  row.codes.specialist = fact.specialist();
  row.codes.reasons.assign(fact.reasons().begin(), fact.reasons().end());
  std::sort(row.codes.reasons.begin(), row.codes.reasons.end());
  row.codes.reasons.erase(std::unique(row.codes.reasons.begin(), row.codes.reasons.end()), row.codes.reasons.end());
  row.codes.mode = fact.mode();
  row.codes.place = fact.place();
  row.codes.stage = fact.stage();
  row.codes.grade = Small(fact.grade());
  return Checked(std::move(row));
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::SupportMeasureRecorded& fact) {
  Row row = RowOf(envelope, fact.stamp(), RowKind::kSupportMeasure, fact.day(), fact.statistics_id());
  row.codes.measure = fact.kind();
  row.codes.stage = fact.stage();
  row.codes.grade = Small(fact.grade());
  return Checked(std::move(row));
}

core::Result<Additions> AdditionsOf(const Envelope&, const facts::v1::SchoolDayClosed& event) {
  Row row;  // for the bounds of its day only
  row.record_id = RecordIdOf("school-day", "");
  row.revision = 1;
  row.day = event.day();
  TILTS_CHECK(CheckRow(row));
  Additions additions;
  additions.closed = ClosedDay{event.day(), SchoolYearOfDay(event.day())};
  return additions;
}

}  // namespace tilts::indicator_aggregation
