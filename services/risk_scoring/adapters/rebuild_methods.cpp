#include "risk_scoring/adapters/rebuild_methods.hpp"

#include "backbone/audit.hpp"
#include "events/draft.hpp"

namespace tilts::risk_scoring {

using operations::v1::GetRebuildRequest;
using operations::v1::GetRebuildResponse;
using operations::v1::StartRebuildRequest;
using operations::v1::StartRebuildResponse;

void BindRebuild(rpc::MethodTable& methods, Rebuilder& rebuilder, events::Publisher& publisher) {
  methods.Bind<StartRebuildRequest, StartRebuildResponse>(
      "tilts.operations.v1.RebuildService/StartRebuild",
      [&](const rpc::CallContext& call, const StartRebuildRequest& request) -> core::Result<StartRebuildResponse> {
        const bool known = request.mode() == operations::v1::REBUILD_MODE_VERIFY ||
                           request.mode() == operations::v1::REBUILD_MODE_APPLY;
        if (request.request_id().empty() || !known) {
          return core::Fail(core::Errc::kInvalid, "name the request, and whether to verify or to apply", "REBUILD");
        }
        // The same request is the same rebuild.
        const std::string id =
            events::DerivedId(request.request_id(), "rebuild", static_cast<std::uint32_t>(request.mode()));
        const auth::AuditFacts note{"risk-scoring.operations",
                                    auth::Touch::kWrite,
                                    {"rebuild/" + id},
                                    auth::AccessDecision::Allow("OPERATOR"),
                                    ""};
        TILTS_ASSIGN(const events::Draft record, backbone::AuditOfCall(call, "risk-scoring", note));
        TILTS_CHECK(publisher.Publish({&record, 1}));
        TILTS_CHECK(rebuilder.Start(id, request.mode()));
        StartRebuildResponse answer;
        answer.set_rebuild_id(id);
        return answer;
      });
  methods.BindDeferred<GetRebuildRequest, GetRebuildResponse>(
      "tilts.operations.v1.RebuildService/GetRebuild",
      [&](const rpc::CallContext& call, const GetRebuildRequest& request, rpc::Replier<GetRebuildResponse> reply) {
        // Kept by whoever answers; a function that is copied cannot hold what only moves.
        const auto kept = std::make_shared<rpc::Replier<GetRebuildResponse>>(std::move(reply));
        rebuilder.AwaitEnd(request.rebuild_id(), rpc::WaitOf(call, request.wait_seconds()),
                           [kept](const core::Result<GetRebuildResponse>& progress) { kept->Send(progress); });
      });
}

}  // namespace tilts::risk_scoring
