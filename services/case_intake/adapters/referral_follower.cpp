#include "case_intake/adapters/referral_follower.hpp"

#include <tilts/events/v1/envelope.pb.h>

#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/case_writing.hpp"
#include "case_intake/app/referral_picture.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {

core::Status ReferralFollower::OnMoved(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                                       const referrals::v1::ReferralMoved& event) const {
  const core::ReferralId id(event.facts().referral_id());
  const core::CaseId case_id(event.case_id());
  const ReferralPicture now = PictureOf(event.facts());
  TILTS_ASSIGN(const std::optional<Case> current, CaseStore(unit).Lock(case_id));
  // A statutory notice stands where a case would: nothing of ours.
  if (!current) return {};
  TILTS_ASSIGN(const std::optional<ReferralRow> known, FindReferral(unit, id));
  if (known && now.sequence <= known->picture.sequence) return {};
  // A referral that followed a merged case counts anew at the case it came to.
  std::optional<ReferralPicture> counted;
  if (known && known->case_id == case_id) counted = known->picture;
  const Decision decision = FollowReferral(*current, counted, now);
  TILTS_CHECK(PutReferral(unit, id, {case_id, now}));
  TILTS_ASSIGN(const core::CityTime at, wire::FromTimestamp(envelope.recorded_at()));
  return KeepCase(unit, decision, {envelope.id(), envelope.traceparent(), at, office_.city_municipality});
}

}  // namespace tilts::case_intake
