// Rows of what people and rules decided.
#include <algorithm>

#include "calendar/riga_time.hpp"
#include "core/concat.hpp"
#include "indicator_aggregation/app/event_rows.hpp"
#include "indicator_aggregation/app/row_check.hpp"
#include "indicator_aggregation/domain/school_year.hpp"
#include "wire/time.hpp"

namespace tilts::indicator_aggregation {
namespace {

using codes::v1::ReferralMove;

// The school year is that of the opening, as whoever wrote the envelope knew it.
core::Result<Row> RowOf(const Envelope& envelope, RowKind kind, std::string record_id, std::uint64_t revision) {
  TILTS_ASSIGN(const core::CityTime at, wire::FromTimestamp(envelope.occurred_at()));
  Row row;
  row.record_id = std::move(record_id);
  row.revision = static_cast<int>(std::clamp<std::uint64_t>(revision, 1, 65'535));
  row.kind = kind;
  row.day = static_cast<int>(calendar::RigaDate(at).time_since_epoch().count());
  row.municipality = envelope.municipality();
  row.school_year = envelope.school_year().empty() ? SchoolYearOfDay(row.day) : envelope.school_year();
  return row;
}

core::Result<Additions> Checked(std::vector<Row> rows) {
  for (const Row& row : rows) TILTS_CHECK(CheckRow(row));
  return Additions{std::move(rows), std::nullopt};
}

core::Result<int> MarksOf(const Envelope& envelope, const referrals::v1::ReferralMoved& event) {
  int marks = event.facts().kind() == codes::v1::REFERRAL_KIND_ACT ? int{kMarkAct} : 0;
  switch (event.move()) {
    case codes::v1::REFERRAL_MOVE_SEND: {
      // A task of the coordinator, when nobody is left, is no route.
      const bool re_routed =
          !event.replaced_referral_id().empty() && event.facts().kind() == codes::v1::REFERRAL_KIND_ACT;
      return marks | (re_routed ? int{kMarkReRouted} : 0);
    }
    case codes::v1::REFERRAL_MOVE_EXPIRE: return marks | kMarkExpired;
    case codes::v1::REFERRAL_MOVE_ACCEPT:
    case codes::v1::REFERRAL_MOVE_REJECT: break;
    default: return marks;
  }
  if (!event.facts().has_answer_due_at()) return marks;
  TILTS_ASSIGN(const core::CityTime at, wire::FromTimestamp(envelope.occurred_at()));
  TILTS_ASSIGN(const core::CityTime due, wire::FromTimestamp(event.facts().answer_due_at()));
  return marks | (at <= due ? kMarkAnsweredInTime : kMarkAnsweredLate);
}

// What the move says of when.
core::Result<Times> TimesOf(const Envelope& envelope, codes::v1::ReferralMove move) {
  TILTS_ASSIGN(const core::CityTime at, wire::FromTimestamp(envelope.occurred_at()));
  const std::int64_t time = at.time_since_epoch().count();
  Times times;
  switch (move) {
    case codes::v1::REFERRAL_MOVE_SEND: times.requested = time; break;
    case codes::v1::REFERRAL_MOVE_ACKNOWLEDGE: times.received = time; break;
    case codes::v1::REFERRAL_MOVE_ACCEPT:
    case codes::v1::REFERRAL_MOVE_REJECT: times.received = times.answered = time; break;
    case codes::v1::REFERRAL_MOVE_COMPLETE:
    case codes::v1::REFERRAL_MOVE_FAIL: times.concluded = time; break;
    default: break;
  }
  return times;
}

// Table 2.2: one case and one institution kind that was asked to act, however often. The institution is that of the
// earliest request.
core::Result<Row> InvolvementOf(const Envelope& envelope, const referrals::v1::ReferralMoved& event) {
  const int kind = event.facts().recipient_kind();
  TILTS_ASSIGN(Row row, RowOf(envelope, RowKind::kInvolvement,
                              RecordIdOf("involvement", core::Concat(event.case_id(), "/", kind)), 1));
  row.institution_id = event.facts().recipient_id();
  row.codes.institution_kind = kind;
  return row;
}

core::Result<Row> LimitOf(const Envelope& envelope, const std::string& pupil, const std::string& year,
                          unsigned semester, std::uint64_t revision) {
  const std::string key = core::Concat(pupil, "/", year, "/", semester);
  TILTS_ASSIGN(Row row, RowOf(envelope, RowKind::kLimit, RecordIdOf("limit", key), revision));
  row.subject_id = pupil;
  row.school_year = year;
  row.codes.semester = static_cast<int>(semester);
  return row;
}

}  // namespace

core::Result<Additions> AdditionsOf(const Envelope& envelope, const cases::v1::CaseOpened& event) {
  TILTS_ASSIGN(Row row, RowOf(envelope, RowKind::kCase, RecordIdOf("case", event.case_id()), envelope.sequence()));
  row.institution_id = event.facts().school_id();
  return Checked({std::move(row)});
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const cases::v1::CaseStateChanged& event) {
  if (event.state() != codes::v1::CASE_STATE_ENTERED_IN_ERROR) return Additions{};
  TILTS_ASSIGN(Row row, RowOf(envelope, RowKind::kCase, RecordIdOf("case", event.case_id()), envelope.sequence()));
  row.withdrawn = true;
  return Checked({std::move(row)});
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const cases::v1::TierDecided& event) {
  TILTS_ASSIGN(Row row, RowOf(envelope, RowKind::kTierDecision, RecordIdOf("tier-decision", envelope.id()), 1));
  row.subject_id = event.pupil_id();
  row.institution_id = event.institution_id();
  row.codes.decision = event.decision();
  return Checked({std::move(row)});
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const referrals::v1::ReferralMoved& event) {
  const referrals::v1::ReferralFacts& facts = event.facts();
  TILTS_ASSIGN(Row row,
               RowOf(envelope, RowKind::kReferral, RecordIdOf("referral", facts.referral_id()), facts.sequence()));
  row.institution_id = facts.recipient_id();
  row.withdrawn = facts.state() == codes::v1::REFERRAL_STATE_ENTERED_IN_ERROR;
  row.codes.institution_kind = facts.recipient_kind();
  row.codes.referral_state = facts.state();
  row.codes.reject_reason = event.reject_reason();
  TILTS_ASSIGN(row.codes.marks, MarksOf(envelope, event));
  TILTS_ASSIGN(row.codes.times, TimesOf(envelope, event.move()));
  std::vector<Row> rows{std::move(row)};
  if (event.move() == codes::v1::REFERRAL_MOVE_SEND && facts.kind() == codes::v1::REFERRAL_KIND_ACT) {
    TILTS_ASSIGN(Row involvement, InvolvementOf(envelope, event));
    rows.push_back(std::move(involvement));
  }
  return Checked(std::move(rows));
}

// A semester's first crossing has revision 2, its retraction 3, the next crossing 4: in any order the last one stays.
core::Result<Additions> AdditionsOf(const Envelope& envelope, const risk::v1::LimitCrossed& event) {
  TILTS_ASSIGN(Row row, LimitOf(envelope, event.pupil_id(), event.school_year(), event.semester(),
                                std::uint64_t{2} * event.crossing()));
  row.institution_id = event.institution_id();
  return Checked({std::move(row)});
}

core::Result<Additions> AdditionsOf(const Envelope& envelope, const risk::v1::LimitRetracted& event) {
  TILTS_ASSIGN(Row row, LimitOf(envelope, event.pupil_id(), event.school_year(), event.semester(),
                                std::uint64_t{2} * event.crossing() + 1));
  row.institution_id = event.institution_id();
  row.withdrawn = true;
  return Checked({std::move(row)});
}

}  // namespace tilts::indicator_aggregation
