#include "referral_routing/app/case_events.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace tilts::referral_routing {
namespace {

using core::Status;

Occasion OccasionOf(const events::v1::Envelope& envelope, CityTime now) {
  return {envelope.id(), envelope.traceparent(), now};
}

CaseRecord FirstSight(const events::v1::Envelope& envelope, const std::string& case_id) {
  CaseRecord record;
  record.id = core::CaseId(case_id);
  record.correlation_id = envelope.correlation_id();
  record.school_year = envelope.school_year();
  record.municipality = envelope.municipality();
  return record;
}

MoveRequest Plain(Move move) {
  MoveRequest request;
  request.move = move;
  return request;
}

}  // namespace

Status CaseEvents::On(RoutingStore& store, const events::v1::Envelope& envelope,
                      const cases::v1::CaseOpened& event) const {
  return Picture(store, envelope, event.case_id(), event.facts(), event.subject_person_id());
}

Status CaseEvents::On(RoutingStore& store, const events::v1::Envelope& envelope,
                      const cases::v1::ReportAttached& event) const {
  return Picture(store, envelope, event.case_id(), event.facts(), {});
}

Status CaseEvents::On(RoutingStore& store, const events::v1::Envelope& envelope,
                      const cases::v1::CaseFactsChanged& event) const {
  return Picture(store, envelope, event.case_id(), event.facts(), event.subject_person_id());
}

Status CaseEvents::Picture(RoutingStore& store, const events::v1::Envelope& envelope, const std::string& case_id,
                           const cases::v1::CaseFacts& facts, const std::string& subject) const {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  TILTS_CHECK(store.LockCase(core::CaseId(case_id)));
  TILTS_ASSIGN(const auto known, store.LoadCase(core::CaseId(case_id)));
  CaseRecord record = known.value_or(FirstSight(envelope, case_id));
  record.facts = facts;
  if (!subject.empty()) record.subject = core::PersonId(subject);
  TILTS_CHECK(store.SaveCase(record));
  Desk desk(data_, *directory, store, record, OccasionOf(envelope, clock_.Now()), log_);
  if (known) TILTS_CHECK(HandOver(desk, store, *known));
  if (record.open()) TILTS_CHECK(desk.Route());
  return desk.Audit("route-case", "RULES", {"case/" + case_id});
}

// The coordinator is the requester of what rules made: a new one takes its open referrals over.
Status CaseEvents::HandOver(Desk& desk, RoutingStore& store, const CaseRecord& before) const {
  const std::string& coordinator = before.facts.coordinator_id();
  if (coordinator == desk.record().facts.coordinator_id()) return {};
  TILTS_ASSIGN(const auto referrals, store.ReferralsOf(desk.record().id));
  for (const Referral& referral : referrals) {
    if (IsOpen(referral) && referral.requester.value() == coordinator) TILTS_CHECK(desk.HandOver(referral));
  }
  return {};
}

Status CaseEvents::On(RoutingStore& store, const events::v1::Envelope& envelope,
                      const cases::v1::CaseStateChanged& event) const {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  const core::CaseId id(event.case_id());
  const core::CaseId target(event.merged_into_case_id());
  // Always in the same order, so that two merges cannot wait for each other.
  for (const core::CaseId& each : std::set<core::CaseId>{id, target}) {
    if (!each.empty()) TILTS_CHECK(store.LockCase(each));
  }
  TILTS_ASSIGN(const auto known, store.LoadCase(id));
  CaseRecord record = known.value_or(FirstSight(envelope, event.case_id()));
  record.state = event.state();
  if (!target.empty()) record.merged_into = target;
  TILTS_CHECK(store.SaveCase(record));
  Desk desk(data_, *directory, store, record, OccasionOf(envelope, clock_.Now()), log_);
  switch (event.state()) {
    case codes::v1::CASE_STATE_CLOSED: TILTS_CHECK(Withdraw(desk, store, Move::kCancel)); break;
    case codes::v1::CASE_STATE_ENTERED_IN_ERROR: TILTS_CHECK(Withdraw(desk, store, Move::kEnterInError)); break;
    case codes::v1::CASE_STATE_MERGED: TILTS_CHECK(DropDuplicates(desk, store)); break;
    default: break;
  }
  return desk.Audit("case-state", "RULES", {"case/" + event.case_id()});
}

Status CaseEvents::Withdraw(Desk& desk, RoutingStore& store, Move move) const {
  TILTS_ASSIGN(const auto referrals, store.ReferralsOf(desk.record().id));
  for (const Referral& referral : referrals) {
    if (!IsOpen(referral) || (move == Move::kCancel && referral.cancel_requested)) continue;
    TILTS_CHECK(desk.Make(referral, Plain(move), Actor::System(), {}, {}));
  }
  return {};
}

// Referrals of a merged case go on and show the case it was merged into; what that case asks of the same institution
// already is a duplicate and is cancelled unless it was accepted.
Status CaseEvents::DropDuplicates(Desk& desk, RoutingStore& store) const {
  TILTS_ASSIGN(const auto all, store.ReferralsOf(desk.record().merged_into));
  for (const Referral& mine : all) {
    if (mine.case_id != desk.record().id || !IsOpen(mine) || IsAccepted(mine.state)) continue;
    const bool twice = std::ranges::any_of(all, [&](const Referral& other) {
      return other.case_id != mine.case_id && IsOpen(other) && other.recipient == mine.recipient &&
             other.ask.purpose == mine.ask.purpose;
    });
    if (twice) TILTS_CHECK(desk.Make(mine, Plain(Move::kCancel), Actor::System(), {}, {}));
  }
  return {};
}

}  // namespace tilts::referral_routing
