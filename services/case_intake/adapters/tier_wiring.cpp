#include "case_intake/adapters/tier_wiring.hpp"

#include <tilts/events/v1/envelope.pb.h>
#include <tilts/operations/v1/operations_service.pb.h>

#include "case_intake/adapters/tier_desk.hpp"
#include "case_intake/adapters/tier_follower.hpp"
#include "case_intake/adapters/tier_notes.hpp"
#include "config/config.hpp"
#include "service/service.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

void BindMethods(rpc::MethodTable& methods, TierDesk& desk) {
  methods.Bind<intake::v1::DecideTierRequest, intake::v1::DecideTierResponse>(
      "tilts.intake.v1.TierService/DecideTier",
      [&desk](const rpc::CallContext& call, const intake::v1::DecideTierRequest& request) {
        return desk.Decide(call, request);
      });
  methods.Bind<intake::v1::ListTiersRequest, intake::v1::ListTiersResponse>(
      "tilts.intake.v1.TierService/ListTiers",
      [&desk](const rpc::CallContext& call, const intake::v1::ListTiersRequest& request) {
        return desk.List(call, request);
      });
}

// What waits for the vault is due work: the city clock may not jump over it.
void ReportTierNotes(service::Runtime& runtime, postgres::Database& database) {
  const core::CityClock& clock = runtime.city_clock;
  runtime.operations.Add("tier-notes",
                         [&](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> core::Status {
                           TILTS_ASSIGN(const TierNoteBacklog backlog, CountTierNotes(database, clock.Now()));
                           status.set_due_now(status.due_now() + backlog.due_now);
                           if (!backlog.next_due_at) return {};
                           const google::protobuf::Timestamp next = wire::ToTimestamp(*backlog.next_due_at);
                           if (!status.has_next_due_at() || next.seconds() < status.next_due_at().seconds()) {
                             *status.mutable_next_due_at() = next;
                           }
                           return {};
                         });
}

}  // namespace

void WireTiers(service::Runtime& runtime, const Office& office, postgres::SqlBatchProcessor::Handlers& handlers) {
  const TierProbe probe(runtime.metrics);
  TierDesk& desk = runtime.Own(std::make_unique<TierDesk>(office, probe));
  BindMethods(runtime.methods, desk);
  const TierFollower& follower = runtime.Own(std::make_unique<TierFollower>(probe));
  handlers.On<risk::v1::TierProposed>(
      [&follower](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                  const risk::v1::TierProposed& event) { return follower.OnProposed(unit, envelope, event); });
  const auto poll =
      std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(runtime.config.intake().complete_poll()));
  TierNoteWorker& worker = runtime.Own(std::make_unique<TierNoteWorker>(office, runtime.city_clock, poll));
  runtime.lifecycle.Add({"tier-notes",
                         [&worker]() -> core::Status {
                           worker.Start();
                           return {};
                         },
                         [&worker] { worker.RequestStop(); }, [&worker](service::StopDeadline) { worker.Stop(); }});
  ReportTierNotes(runtime, office.database);
}

}  // namespace tilts::case_intake
