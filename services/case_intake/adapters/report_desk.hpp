#pragma once

#include <tilts/intake/v1/intake_service.pb.h>

#include "case_intake/adapters/keys_in_hand.hpp"
#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "case_intake/adapters/vault_steps.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Takes reports: the vault first, then one transaction with state, outbox, audit and idempotency.
class ReportDesk {
 public:
  explicit ReportDesk(const Office& office) : office_(office) {}

  core::Result<intake::v1::ReportConcernResponse> Accept(const rpc::CallContext& call,
                                                         const intake::v1::ReportConcernRequest& request);
  core::Result<intake::v1::CompleteReportResponse> Complete(const rpc::CallContext& call,
                                                            const intake::v1::CompleteReportRequest& request);
  core::Result<intake::v1::GetReportResponse> Show(const rpc::CallContext& call,
                                                   const intake::v1::GetReportRequest& request);

 private:
  struct Arrival;
  struct Filed;
  core::Result<Filed> File(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                           const intake::v1::ReportConcernRequest& request, const Arrival& arrival);
  core::Result<std::optional<intake::v1::ReportConcernResponse>> SentBefore(
      postgres::UnitOfWork& unit, const rpc::CallContext& call, const intake::v1::ReportConcernRequest& request,
      const std::string& fingerprint);
  core::Result<intake::v1::CompleteReportResponse> FileCompletion(postgres::UnitOfWork& unit,
                                                                  const rpc::CallContext& call,
                                                                  const intake::v1::CompleteReportRequest& request,
                                                                  std::uint64_t revision,
                                                                  const PreparedReport& prepared);
  intake::v1::ReportConcernResponse Receipt(const ReportRow& row) const;

  const Office& office_;
  KeysInHand in_hand_;
};

}  // namespace tilts::case_intake
