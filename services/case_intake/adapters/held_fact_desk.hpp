#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include "case_intake/adapters/held_fact_worker.hpp"
#include "case_intake/adapters/keys_in_hand.hpp"
#include "rpc/call.hpp"

namespace tilts::case_intake {

// What an institution sees and does about its own held facts.
class HeldFactDesk {
 public:
  HeldFactDesk(const FactOffice& facts, HeldFactWorker& worker) : facts_(facts), worker_(worker) {}

  core::Result<intake::v1::ListHeldFactsResponse> List(const rpc::CallContext& call,
                                                       const intake::v1::ListHeldFactsRequest& request) const;
  core::Result<intake::v1::RedriveHeldFactsResponse> Redrive(const rpc::CallContext& call,
                                                             const intake::v1::RedriveHeldFactsRequest& request);

 private:
  core::Result<intake::v1::RedriveHeldFactsResponse> ResolveAll(const rpc::CallContext& call);

  const FactOffice& facts_;
  HeldFactWorker& worker_;
  KeysInHand in_hand_;
};

}  // namespace tilts::case_intake
