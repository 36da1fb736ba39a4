#pragma once

#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>
#include <tilts/facts/v1/events.pb.h>
#include <tilts/referrals/v1/events.pb.h>
#include <tilts/risk/v1/events.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/domain/row.hpp"

namespace tilts::indicator_aggregation {

struct ClosedDay {
  int day = 0;
  std::string school_year;
};

// What one event adds: rows to merge, or a closed school day. Events that count as nothing add nothing.
struct Additions {
  std::vector<Row> rows;
  std::optional<ClosedDay> closed;
};

using events::v1::Envelope;

// kInvalid with reason FACT_INVALID when a fact has no record id of 16 bytes, a revision outside 1 to 65535, a day
// before 1980 or after 2100, or an id that is no id.
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::EnrolmentRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::AttendanceRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::ResultRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::RepetitionRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::BehaviourRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::ConsultationRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::SupportMeasureRecorded& fact);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const facts::v1::SchoolDayClosed& event);

// Decisions become records of their own making: the id is a hash of what was decided about, the revision rises with
// each decision about it.
core::Result<Additions> AdditionsOf(const Envelope& envelope, const cases::v1::CaseOpened& event);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const cases::v1::CaseStateChanged& event);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const cases::v1::TierDecided& event);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const referrals::v1::ReferralMoved& event);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const risk::v1::LimitCrossed& event);
core::Result<Additions> AdditionsOf(const Envelope& envelope, const risk::v1::LimitRetracted& event);

// Calls `on(Event())` for each event type above, so that consumer and replay know the same ones.
template <typename On>
void ForEachCountedEvent(On on) {
  on(facts::v1::EnrolmentRecorded());
  on(facts::v1::AttendanceRecorded());
  on(facts::v1::ResultRecorded());
  on(facts::v1::RepetitionRecorded());
  on(facts::v1::BehaviourRecorded());
  on(facts::v1::ConsultationRecorded());
  on(facts::v1::SupportMeasureRecorded());
  on(facts::v1::SchoolDayClosed());
  on(cases::v1::CaseOpened());
  on(cases::v1::CaseStateChanged());
  on(cases::v1::TierDecided());
  on(referrals::v1::ReferralMoved());
  on(risk::v1::LimitCrossed());
  on(risk::v1::LimitRetracted());
}

}  // namespace tilts::indicator_aggregation
