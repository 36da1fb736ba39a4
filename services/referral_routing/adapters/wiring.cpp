#include "referral_routing/adapters/wiring.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include "backbone/backbone.hpp"
#include "backbone/trust.hpp"
#include "config/config.hpp"
#include "crypto/hash.hpp"
#include "referral_routing/adapters/due_worker.hpp"
#include "referral_routing/adapters/move_methods.hpp"
#include "referral_routing/adapters/registry_directory.hpp"
#include "referral_routing/adapters/sql_store.hpp"
#include "referral_routing/app/case_events.hpp"
#include "referral_routing/app/limit_events.hpp"
#include "service/service.hpp"
#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;
using core::Status;
using postgres::UnitOfWork;
using Handlers = postgres::SqlBatchProcessor::Handlers;

std::chrono::milliseconds Milliseconds(const google::protobuf::Duration& duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(duration));
}

Result<Peer*> MakePeer(service::Runtime& runtime, const std::string& name, rpc::Credentials& credentials) {
  TILTS_ASSIGN(const std::string address, config::Peer(runtime.config, name));
  rpc::Channel& channel = runtime.Own(std::make_unique<rpc::Channel>(address));
  return &runtime.Own(std::make_unique<Peer>(name, channel, credentials));
}

template <typename Event, typename Follower>
void Follow(Handlers& handlers, const Follower& events) {
  handlers.On<Event>([&events](UnitOfWork& unit, const events::v1::Envelope& envelope, const Event& event) {
    SqlStore store(unit);
    return events.On(store, envelope, event);
  });
}

// A part with one thread of its own.
template <typename Part>
void AddThread(service::Runtime& runtime, const char* name, Part& part) {
  runtime.lifecycle.Add({name,
                         [&part]() -> Status {
                           part.Start();
                           return {};
                         },
                         [&part] { part.RequestStop(); }, [&part](service::StopDeadline) { part.Stop(); }});
}

// Deadlines are due work: the city clock may not jump over them.
void ReportDue(service::Runtime& runtime, DueWorker& worker) {
  runtime.operations.Add("ladder", [&](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> Status {
    TILTS_ASSIGN(const DueCounts counts, worker.Count());
    status.set_due_now(status.due_now() + counts.due_now + counts.outdated);
    if (counts.next_due_at) {
      const auto next = wire::ToTimestamp(*counts.next_due_at);
      const bool earlier = !status.has_next_due_at() || next.seconds() < status.next_due_at().seconds();
      if (earlier) *status.mutable_next_due_at() = next;
    }
    if (counts.oldest_at && status.oldest_undone().empty()) {
      status.set_oldest_undone(counts.oldest);
      *status.mutable_oldest_undone_at() = wire::ToTimestamp(*counts.oldest_at);
    }
    return {};
  });
}

}  // namespace

Status Wire(service::Runtime& runtime) {
  TILTS_CHECK(config::Require(runtime.config, {"postgres", "kafka", "auth", "crypto", "routing"}));
  const auto& settings = runtime.config.routing();
  TILTS_ASSIGN(RoutingData loaded, ReadRoutingData(runtime.config.data_dir()));
  const RoutingData& data = runtime.Own(std::make_unique<RoutingData>(std::move(loaded)));
  TILTS_ASSIGN(crypto::KeyRing holding, crypto::KeyRing::FromFile(runtime.config.crypto().holding_key_file()));
  TILTS_ASSIGN(const crypto::KeyRing index, crypto::KeyRing::FromFile(runtime.config.crypto().index_key_file()));

  TILTS_ASSIGN(auth::ServiceAuth* const trust, backbone::TrustRegistry(runtime));
  TILTS_ASSIGN(Peer* const registry, MakePeer(runtime, "registry", trust->credentials()));
  TILTS_ASSIGN(Peer* const intake, MakePeer(runtime, "case-intake", trust->credentials()));
  Vault& vault = runtime.Own(std::make_unique<RpcVault>(*registry));
  CaseViews& views = runtime.Own(std::make_unique<RpcCaseViews>(*intake));
  const Notes& notes = runtime.Own(std::make_unique<Notes>(std::move(holding), vault));
  const auto& idempotency = runtime.Own(std::make_unique<postgres::Idempotency>(
      crypto::DeriveKey(index.newest().key.bytes(), "referral-routing/idempotency")));

  auto& holder = runtime.Own(std::make_unique<DirectoryHolder>());
  auto& directory = runtime.Own(std::make_unique<RegistryDirectory>(
      RegistryDirectory::Options{
          settings.directory_cache_file(),
          {.interval = Milliseconds(settings.directory_refresh()), .grace = Milliseconds(settings.directory_grace())}},
      *registry, holder, runtime.log));
  directory.OnReady([ready = runtime.health.AddCondition("directory")] { ready(true); });
  AddThread(runtime, "directory", directory);

  TILTS_ASSIGN(auto made, backbone::Backbone::Create(runtime));
  auto& backbone = runtime.Own(std::move(made));
  const auto& case_events = runtime.Own(std::make_unique<CaseEvents>(data, holder, runtime.city_clock, runtime.log));
  auto& handlers = runtime.Own(std::make_unique<Handlers>());
  Follow<cases::v1::CaseOpened>(handlers, case_events);
  Follow<cases::v1::ReportAttached>(handlers, case_events);
  Follow<cases::v1::CaseFactsChanged>(handlers, case_events);
  Follow<cases::v1::CaseStateChanged>(handlers, case_events);
  const auto& limit_events = runtime.Own(std::make_unique<LimitEvents>(data, holder, runtime.city_clock, runtime.log));
  Follow<risk::v1::LimitCrossed>(handlers, limit_events);
  Follow<risk::v1::LimitRetracted>(handlers, limit_events);
  TILTS_CHECK(backbone.Consume(runtime,
                               {.topics = {"tilts.cases.pmp.v1", "tilts.cases.protection.v1", "tilts.risk.v1"},
                                .order_free_topics = {},
                                .audit_chain = "referral-routing.operations"},
                               handlers));

  const auto& probe = runtime.Own(std::make_unique<ReferralProbe>(runtime.metrics));
  runtime.operations.Add("referrals",
                         [&holder, &probe, &runtime, &database = backbone.database()](
                             const rpc::CallContext&, operations::v1::GetStatusResponse&) -> Status {
                           TILTS_ASSIGN(const auto known, holder.Get());
                           return probe.Measure(database, *known, runtime.city_clock.Now());
                         });
  const auto& timer = runtime.Own(std::make_unique<LadderTimer>(data, holder, runtime.log));
  auto& worker = runtime.Own(std::make_unique<DueWorker>(
      backbone.database(), timer, holder, notes, runtime.city_clock, Milliseconds(settings.due_poll()),
      static_cast<int>(settings.due_batch()), runtime.log, LadderProbe(runtime.metrics), probe));
  AddThread(runtime, "ladder", worker);
  ReportDue(runtime, worker);

  const auto& api = runtime.Own(std::make_unique<ReferralApi>(
      ApiParts{backbone.database(), data, holder, notes, views, vault, idempotency, runtime.log, probe}));
  BindMethods(runtime.methods, api);
  runtime.log.Info("Routing rules loaded", {{"version", data.rules.version()}, {"hash", data.hash}});
  return {};
}

}  // namespace tilts::referral_routing
