#include "referral_routing/app/ladder_timer.hpp"

#include <utility>

namespace tilts::referral_routing {
namespace {

using core::Result;
using core::Status;

}  // namespace

Result<LadderTimer::Outcome> LadderTimer::Fire(RoutingStore& store, const core::CaseId& case_id,
                                               const core::ReferralId& id, CityTime now) const {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  TILTS_ASSIGN(const bool locked, store.TryLockCase(case_id));
  if (!locked) return Outcome::kBusy;
  TILTS_ASSIGN(const auto due, store.DueOf(id));
  if (!due || due->at > now) return Outcome::kNothing;
  TILTS_ASSIGN(const auto referral, store.LoadReferral(id));
  TILTS_ASSIGN(const auto record, store.LoadCase(case_id));
  if (!referral || !record) return core::Fail(core::Errc::kInternal, "a due rung without its referral", "DUE_ORPHAN");
  TILTS_ASSIGN(const calendar::Calendar calendar, directory->CalendarOf(referral->recipient));
  TILTS_ASSIGN(const FiredRungs fired, store.FiredOf(id));
  TILTS_ASSIGN(const auto rung, NextRung(data_.policies, *referral, calendar, fired));
  const std::string cause = id.value() + "/" + due->clock + "/" + due->rung;
  Desk desk(data_, *directory, store, *record, {cause, {}, now}, log_);
  if (!rung || rung->at > now) {
    TILTS_CHECK(desk.Reschedule(*referral));
    return Outcome::kNothing;
  }
  TILTS_CHECK(store.RecordFired(id, rung->clock, rung->rung->id, now));
  TILTS_CHECK(Apply(desk, *referral, *rung));
  TILTS_CHECK(desk.Audit("ladder", "LADDER"));
  return Outcome::kFired;
}

Status LadderTimer::Apply(Desk& desk, Referral referral, const ScheduledRung& rung) const {
  const RungEffect effect = EffectOf(*rung.rung, referral);
  TILTS_CHECK(desk.Escalate(referral, rung, effect == RungEffect::kMarkOverdue));
  if (effect != RungEffect::kExpire) return desk.Reschedule(referral);
  MoveRequest expire;
  expire.move = Move::kExpire;
  TILTS_CHECK(desk.Make(referral, expire, Actor::System(), {}, {}));
  return {};
}

Result<bool> LadderTimer::Recount(RoutingStore& store, const core::CaseId& case_id, const core::ReferralId& id,
                                  CityTime now) const {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  TILTS_CHECK(store.LockCase(case_id));
  TILTS_ASSIGN(auto referral, store.LoadReferral(id));
  TILTS_ASSIGN(const auto record, store.LoadCase(case_id));
  if (!referral || !record || !IsOpen(*referral)) return false;
  TILTS_ASSIGN(const calendar::Calendar calendar, directory->CalendarOf(referral->recipient));
  if (calendar.id() == referral->calendar_id && calendar.version() == referral->calendar_version) return false;
  Desk desk(data_, *directory, store, *record, {"calendar/" + calendar.id() + "/" + calendar.version(), {}, now}, log_);
  TILTS_CHECK(desk.Recount(*referral));
  TILTS_CHECK(desk.Audit("calendar", "LADDER"));
  return true;
}

}  // namespace tilts::referral_routing
