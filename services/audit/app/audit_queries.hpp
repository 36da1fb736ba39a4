#pragma once

#include <tilts/audit/v1/audit_service.pb.h>

#include "audit/adapters/chain_store.hpp"
#include "core/result.hpp"
#include "rpc/method_table.hpp"

namespace tilts::audit {

// tilts.audit.v1.AuditService: everything a verifier needs, and nothing it has to believe.
class AuditQueries {
 public:
  explicit AuditQueries(ChainStore& store) : store_(store) {}
  void Bind(rpc::MethodTable& methods);

  core::Result<v1::ListChainsResponse> ListChains();
  core::Result<v1::ListEntriesResponse> ListEntries(const v1::ListEntriesRequest& request);
  core::Result<v1::ListCheckpointsResponse> ListCheckpoints(const v1::ListCheckpointsRequest& request);

 private:
  ChainStore& store_;
};

}  // namespace tilts::audit
