#pragma once

#include <tilts/intake/v1/tier_service.pb.h>

#include <optional>

#include "case_intake/adapters/keys_in_hand.hpp"
#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "case_intake/adapters/tier_probe.hpp"
#include "case_intake/domain/decide_tier.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Decisions on tiers, by the pupil's school only; to everybody else the pupil is unknown.
class TierDesk {
 public:
  TierDesk(const Office& office, TierProbe probe) : office_(office), probe_(std::move(probe)) {}

  core::Result<intake::v1::DecideTierResponse> Decide(const rpc::CallContext& call,
                                                      const intake::v1::DecideTierRequest& request);
  core::Result<intake::v1::ListTiersResponse> List(const rpc::CallContext& call,
                                                   const intake::v1::ListTiersRequest& request) const;

 private:
  // A request on its way: the answer given before, or what is decided now; neither: not this caller's pupil.
  struct Weighed {
    std::optional<intake::v1::DecideTierResponse> answered;
    std::optional<TierDecision> decision;
  };
  core::Result<Weighed> Weigh(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                              const intake::v1::DecideTierRequest& request, const TierCommand& command) const;
  core::Result<Weighed> File(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                             const intake::v1::DecideTierRequest& request, const TierCommand& command,
                             const std::optional<NoteRow>& note) const;
  core::Status Keep(postgres::UnitOfWork& unit, const rpc::CallContext& call, TierDecision& decision,
                    const std::optional<NoteRow>& note) const;

  const Office& office_;
  const TierProbe probe_;
  KeysInHand in_hand_;
};

}  // namespace tilts::case_intake
