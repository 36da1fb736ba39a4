#pragma once

#include <tilts/operations/v1/rebuild_service.pb.h>

#include <memory>

#include "indicator_aggregation/adapters/rebuild.hpp"
#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "rpc/method_table.hpp"

namespace tilts::indicator_aggregation {

// tilts.operations.v1.RebuildService: one rebuild at a time, in a thread of its own. What it found is kept until the
// next one, in memory.
class RebuildMethods {
 public:
  RebuildMethods(postgres::Database& database, Rebuild rebuild, postgres::Idempotency idempotency);
  ~RebuildMethods();

  void Bind(rpc::MethodTable& methods);
  // kRefused, reason REBUILD_RUNNING: there is one already. The same request again answers with the same id.
  core::Result<operations::v1::StartRebuildResponse> Start(const rpc::CallContext& call,
                                                           const operations::v1::StartRebuildRequest& request);
  // kNotFound: not the last one, or the service was started anew since.
  core::Result<operations::v1::GetRebuildResponse> Get(const operations::v1::GetRebuildRequest& request) const;
  // The same, once it has ended or at `until`.
  void AwaitEnd(const operations::v1::GetRebuildRequest& request, rpc::Deadline until,
                rpc::Replier<operations::v1::GetRebuildResponse> reply);
  // Ends the rebuild in hand: what it made is rolled back.
  void Stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tilts::indicator_aggregation
