#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include "case_intake/adapters/fact_office.hpp"
#include "case_intake/adapters/keys_in_hand.hpp"
#include "case_intake/domain/roster_difference.hpp"
#include "postgres/unit_of_work.hpp"
#include "rpc/call.hpp"

namespace tilts::case_intake {

// Takes whole rosters: who is new, gone or elsewhere becomes enrolment facts. Table, outbox, audit record and the
// remembered answer are one transaction; the same request id gives the same answer.
class RosterDesk {
 public:
  explicit RosterDesk(const FactOffice& facts) : facts_(facts) {}

  core::Result<intake::v1::PushRosterResponse> Push(const rpc::CallContext& call,
                                                    const intake::v1::PushRosterRequest& request);

 private:
  struct Roll;
  core::Status FindPupils(const rpc::CallContext& call, Roll& roll) const;
  core::Status ResolveNewcomers(const rpc::CallContext& call, Roll& roll,
                                const std::vector<std::size_t>& newcomers) const;
  core::Result<intake::v1::PushRosterResponse> File(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                                    const intake::v1::PushRosterRequest& request,
                                                    const Roll& roll) const;

  const FactOffice& facts_;
  KeysInHand in_hand_;
};

}  // namespace tilts::case_intake
