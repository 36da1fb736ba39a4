#include "case_intake/adapters/tier_follower.hpp"

#include <tilts/events/v1/envelope.pb.h>

#include "case_intake/adapters/tier_store.hpp"
#include "case_intake/app/tier_contract.hpp"

namespace tilts::case_intake {

core::Status TierFollower::OnProposed(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                                      const risk::v1::TierProposed& event) const {
  TILTS_ASSIGN(TierProposal proposal, ReadProposal(envelope, event));
  const TierStore tiers(unit);
  const core::PersonId pupil(event.pupil_id());
  TILTS_ASSIGN(const std::optional<PupilTier> known, tiers.Lock(pupil));
  PupilTier before = known.value_or(PupilTier());
  before.pupil = pupil;
  const PupilTier after = Propose(before, core::InstitutionId(event.institution_id()), std::move(proposal));
  if (after == before) return {};
  TILTS_CHECK(tiers.Put(after));
  probe_.proposed.Add();
  return {};
}

}  // namespace tilts::case_intake
