#pragma once

#include <tilts/intake/v1/intake_service.pb.h>

#include <functional>

#include "case_intake/adapters/case_reader.hpp"
#include "case_intake/adapters/keys_in_hand.hpp"
#include "case_intake/adapters/office.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Cases for their coordinator; to everybody else a case is unknown.
class CaseDesk {
 public:
  explicit CaseDesk(const Office& office) : office_(office) {}

  core::Result<intake::v1::ListCasesResponse> List(const rpc::CallContext& call,
                                                   const intake::v1::ListCasesRequest& request);
  core::Result<intake::v1::GetCaseResponse> Show(const rpc::CallContext& call,
                                                 const intake::v1::GetCaseRequest& request);
  core::Result<intake::v1::RaiseLevelResponse> Raise(const rpc::CallContext& call,
                                                     const intake::v1::RaiseLevelRequest& request);
  core::Result<intake::v1::CloseCaseResponse> Close(const rpc::CallContext& call,
                                                    const intake::v1::CloseCaseRequest& request);
  // For referral-routing, which has decided that the recipient may see the case and shows what its view allows.
  core::Result<intake::v1::GetCaseForReferralResponse> ShowForReferral(
      const rpc::CallContext& call, const intake::v1::GetCaseForReferralRequest& request);

 private:
  template <typename Response, typename Request, typename Decide>
  core::Result<Response> Move(const rpc::CallContext& call, const Request& request, Decide decide);

  const Office& office_;
  KeysInHand in_hand_;
};

}  // namespace tilts::case_intake
