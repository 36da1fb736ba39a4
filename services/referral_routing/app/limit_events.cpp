#include "referral_routing/app/limit_events.hpp"

#include <utility>

#include "calendar/riga_time.hpp"
#include "core/concat.hpp"
#include "events/draft.hpp"
#include "referral_routing/domain/notice.hpp"

namespace tilts::referral_routing {
namespace {

using core::Status;

// Where the notice's referrals hang: the school coordinates, the learner is the subject, no report stands behind it.
CaseRecord RecordOf(const core::CaseId& id, const events::v1::Envelope& envelope, const risk::v1::LimitCrossed& event) {
  CaseRecord record;
  record.id = id;
  record.facts.set_stream(codes::v1::STREAM_PMP);
  record.facts.add_concerns(codes::v1::CONCERN_CODE_UNEXCUSED_ABSENCE);
  record.facts.set_school_id(event.institution_id());
  record.facts.set_coordinator_id(event.institution_id());
  record.facts.set_subject_known(true);
  record.subject = core::PersonId(event.pupil_id());
  record.correlation_id = envelope.correlation_id();
  record.school_year = event.school_year();
  record.municipality = envelope.municipality();
  return record;
}

referrals::v1::StatutoryNotice NoticeOf(const risk::v1::LimitCrossed& event) {
  referrals::v1::StatutoryNotice notice;
  notice.set_pupil_id(event.pupil_id());
  notice.set_school_id(event.institution_id());
  notice.set_school_year(event.school_year());
  notice.set_semester(event.semester());
  notice.set_lessons(event.lessons());
  notice.set_limit(event.limit());
  notice.set_as_of_day(calendar::FormatDate(calendar::LocalDate(std::chrono::days(event.as_of_day()))));
  notice.set_legal_version(event.legal_version());
  return notice;
}

}  // namespace

core::CaseId NoticeIdOf(const std::string& pupil_id, const std::string& school_year, unsigned semester,
                        unsigned crossing) {
  const std::string rule = core::Concat("statutory-notice/", school_year, "/", std::to_string(semester));
  return core::CaseId(events::DerivedId(pupil_id, rule, crossing));
}

Status LimitEvents::On(RoutingStore& store, const events::v1::Envelope& envelope,
                       const risk::v1::LimitCrossed& event) const {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  const core::CaseId id = NoticeIdOf(event.pupil_id(), event.school_year(), event.semester(), event.crossing());
  TILTS_CHECK(store.LockCase(id));
  TILTS_ASSIGN(const auto known, store.LoadNotice(id));
  if (known) return {};
  const CaseRecord record = RecordOf(id, envelope, event);
  const Institution* school = directory->Find(InstitutionId(event.institution_id()));
  const std::string municipality = school != nullptr ? school->municipality : record.municipality;
  const core::CityTime now = clock_.Now();
  TILTS_ASSIGN(const auto sends, PlanNotice({InstitutionId(event.institution_id()), municipality, event.legal_basis()},
                                            directory->institutions(), now));
  TILTS_CHECK(store.SaveCase(record));
  TILTS_CHECK(store.SaveNotice(id, NoticeOf(event)));
  Desk desk(data_, *directory, store, record, {envelope.id(), envelope.traceparent(), now}, log_);
  for (const Planned& planned : sends) TILTS_CHECK(desk.Send(planned));
  return desk.Audit("limit-crossed", "STATUTE");
}

Status LimitEvents::On(RoutingStore& store, const events::v1::Envelope& envelope,
                       const risk::v1::LimitRetracted& event) const {
  TILTS_ASSIGN(const auto directory, directory_.Get());
  const core::CaseId id = NoticeIdOf(event.pupil_id(), event.school_year(), event.semester(), event.crossing());
  TILTS_CHECK(store.LockCase(id));
  TILTS_ASSIGN(auto notice, store.LoadNotice(id));
  TILTS_ASSIGN(const auto record, store.LoadCase(id));
  if (!notice || !record || notice->retracted()) return {};
  notice->set_retracted(true);
  TILTS_CHECK(store.SaveNotice(id, *notice));
  TILTS_ASSIGN(const auto existing, store.ReferralsOf(id));
  const Retraction retraction = PlanRetraction(existing);
  Desk desk(data_, *directory, store, *record, {envelope.id(), envelope.traceparent(), clock_.Now()}, log_);
  for (const core::ReferralId& withdrawn : retraction.withdrawn) TILTS_CHECK(desk.Withdraw(withdrawn));
  for (const Planned& planned : retraction.sends) TILTS_CHECK(desk.Send(planned));
  return desk.Audit("limit-retracted", "STATUTE");
}

}  // namespace tilts::referral_routing
