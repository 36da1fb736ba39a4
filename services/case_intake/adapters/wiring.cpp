#include "case_intake/adapters/wiring.hpp"

#include <tilts/operations/v1/operations_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include "auth/service_auth.hpp"
#include "backbone/backbone.hpp"
#include "case_intake/adapters/case_desk.hpp"
#include "case_intake/adapters/fact_wiring.hpp"
#include "case_intake/adapters/held_worker.hpp"
#include "case_intake/adapters/institution_directory.hpp"
#include "case_intake/adapters/referral_follower.hpp"
#include "case_intake/adapters/report_desk.hpp"
#include "case_intake/adapters/rpc_vault.hpp"
#include "case_intake/adapters/tier_wiring.hpp"
#include "config/config.hpp"
#include "crypto/hash.hpp"
#include "rpc/channel.hpp"
#include "service/service.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kRegistry[] = "registry";
constexpr std::chrono::milliseconds kDirectoryTimeout{3'000};

std::chrono::milliseconds Milliseconds(const google::protobuf::Duration& duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(duration));
}

InstitutionDirectory::Fetch AskRegistry(rpc::Channel& registry, rpc::Credentials& credentials) {
  return [&registry, &credentials](const registry::v1::ListInstitutionsRequest& request)
             -> core::Result<registry::v1::ListInstitutionsResponse> {
    rpc::CallOptions options;
    options.timeout = kDirectoryTimeout;
    TILTS_ASSIGN(options.metadata, credentials.For(kRegistry, nullptr, "institutions"));
    return registry.Call<registry::v1::ListInstitutionsResponse>("tilts.registry.v1.RegistryService/ListInstitutions",
                                                                 request, options);
  };
}

void BindMethods(rpc::MethodTable& methods, ReportDesk& reports, CaseDesk& cases) {
  using namespace intake::v1;  // NOLINT(google-build-using-namespace): the contract's messages, in this table only
  using rpc::CallContext;
  methods.Bind<ReportConcernRequest, ReportConcernResponse>(
      "tilts.intake.v1.IntakeService/ReportConcern",
      [&](const CallContext& call, const ReportConcernRequest& request) { return reports.Accept(call, request); });
  methods.Bind<GetReportRequest, GetReportResponse>(
      "tilts.intake.v1.IntakeService/GetReport",
      [&](const CallContext& call, const GetReportRequest& request) { return reports.Show(call, request); });
  methods.Bind<CompleteReportRequest, CompleteReportResponse>(
      "tilts.intake.v1.IntakeService/CompleteReport",
      [&](const CallContext& call, const CompleteReportRequest& request) { return reports.Complete(call, request); });
  methods.Bind<ListCasesRequest, ListCasesResponse>(
      "tilts.intake.v1.IntakeService/ListCases",
      [&](const CallContext& call, const ListCasesRequest& request) { return cases.List(call, request); });
  methods.Bind<GetCaseRequest, GetCaseResponse>(
      "tilts.intake.v1.IntakeService/GetCase",
      [&](const CallContext& call, const GetCaseRequest& request) { return cases.Show(call, request); });
  methods.Bind<RaiseLevelRequest, RaiseLevelResponse>(
      "tilts.intake.v1.IntakeService/RaiseLevel",
      [&](const CallContext& call, const RaiseLevelRequest& request) { return cases.Raise(call, request); });
  methods.Bind<CloseCaseRequest, CloseCaseResponse>(
      "tilts.intake.v1.IntakeService/CloseCase",
      [&](const CallContext& call, const CloseCaseRequest& request) { return cases.Close(call, request); });
  methods.Bind<GetCaseForReferralRequest, GetCaseForReferralResponse>(
      "tilts.intake.v1.IntakeService/GetCaseForReferral",
      [&](const CallContext& call, const GetCaseForReferralRequest& request) {
        return cases.ShowForReferral(call, request);
      });
}

// What waits for the vault is due work: the city clock may not jump over it.
void ReportBacklog(service::Runtime& runtime, postgres::Database& database) {
  const core::CityClock& clock = runtime.city_clock;
  runtime.operations.Add(
      "vault", [&](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> core::Status {
        TILTS_ASSIGN(const VaultBacklog backlog, CountForVault(database, clock.Now()));
        status.set_due_now(status.due_now() + backlog.due_now);
        if (backlog.next_due_at) {
          const google::protobuf::Timestamp next = wire::ToTimestamp(*backlog.next_due_at);
          const bool earlier = !status.has_next_due_at() || next.seconds() < status.next_due_at().seconds();
          if (earlier) *status.mutable_next_due_at() = next;
        }
        if (backlog.oldest_at && status.oldest_undone().empty()) {
          status.set_oldest_undone(backlog.oldest);
          *status.mutable_oldest_undone_at() = wire::ToTimestamp(*backlog.oldest_at);
        }
        return {};
      });
}

// Everything the office is made of, in the order of its making.
core::Result<Office*> BuildOffice(service::Runtime& runtime, postgres::Database& database, auth::ServiceAuth& auth,
                                  rpc::Channel& registry) {
  const config::v1::ServiceConfig& config = runtime.config;
  TILTS_ASSIGN(auto holding, crypto::KeyRing::FromFile(config.crypto().holding_key_file()));
  TILTS_ASSIGN(const auto index, crypto::KeyRing::FromFile(config.crypto().index_key_file()));
  TILTS_ASSIGN(auto loaded, RulesBook::Load(config.data_dir(), config.intake().city_social_service_id()));
  RulesBook& book = runtime.Own(std::move(loaded));
  const Sealer& sealer = runtime.Own(std::make_unique<Sealer>(std::move(holding)));
  Vault& vault = runtime.Own(std::make_unique<RpcVault>(registry, auth.credentials()));
  const std::string_view secret = index.newest().key.bytes();
  Office& office = runtime.Own(std::make_unique<Office>(Office{
      database, postgres::Idempotency(crypto::DeriveKey(secret, "case-intake/idempotency")),
      crypto::DeriveKey(secret, "case-intake/source-event"), sealer, vault, book, runtime.log,
      config.intake().city_municipality(), Milliseconds(config.intake().vault_timeout()), Probe(runtime.metrics)}));

  InstitutionDirectory& directory = runtime.Own(std::make_unique<InstitutionDirectory>(
      DirectoryOptions{config.intake().institution_cache_file(),
                       {.interval = Milliseconds(config.intake().institution_refresh()),
                        .grace = Milliseconds(config.intake().institution_grace())}},
      AskRegistry(registry, auth.credentials()), book));
  directory.OnReady([ready = runtime.health.AddCondition("institutions")] { ready(true); });
  runtime.lifecycle.Add({"institutions",
                         [&directory]() -> core::Status {
                           directory.Start();
                           return {};
                         },
                         {},
                         [&directory](service::StopDeadline) { directory.Stop(); }});
  return &office;
}

void AddWorker(service::Runtime& runtime, const Office& office) {
  HeldWorker& worker = runtime.Own(
      std::make_unique<HeldWorker>(office, runtime.city_clock, Milliseconds(runtime.config.intake().complete_poll())));
  runtime.lifecycle.Add({"vault-work",
                         [&worker]() -> core::Status {
                           worker.Start();
                           return {};
                         },
                         [&worker] { worker.RequestStop(); }, [&worker](service::StopDeadline) { worker.Stop(); }});
}

}  // namespace

core::Status Wire(service::Runtime& runtime) {
  TILTS_CHECK(config::Require(runtime.config, {"postgres", "kafka", "auth", "crypto", "intake"}));
  TILTS_ASSIGN(const std::string address, config::Peer(runtime.config, kRegistry));
  rpc::Channel& registry = runtime.Own(std::make_unique<rpc::Channel>(address));
  TILTS_ASSIGN(auto made_auth, auth::ServiceAuth::Create(runtime.name, runtime.config.auth(), runtime.machine_clock));
  auth::ServiceAuth& auth = runtime.Own(std::move(made_auth));
  auth.AskRegistry(registry);
  runtime.UseGatekeeper(auth.gatekeeper());
  runtime.lifecycle.Add({"grants",
                         [&auth]() -> core::Status {
                           auth.grants().Start();
                           return {};
                         },
                         {},
                         [&auth](service::StopDeadline) { auth.grants().Stop(); }});

  TILTS_ASSIGN(auto made_backbone, backbone::Backbone::Create(runtime));
  backbone::Backbone& backbone = runtime.Own(std::move(made_backbone));
  TILTS_ASSIGN(Office* const office, BuildOffice(runtime, backbone.database(), auth, registry));
  ReportDesk& reports = runtime.Own(std::make_unique<ReportDesk>(*office));
  CaseDesk& cases = runtime.Own(std::make_unique<CaseDesk>(*office));
  BindMethods(runtime.methods, reports, cases);
  AddWorker(runtime, *office);
  ReportBacklog(runtime, backbone.database());
  TILTS_CHECK(WireFacts(runtime, *office, registry, auth.credentials()));

  const ReferralFollower& follower = runtime.Own(std::make_unique<ReferralFollower>(*office));
  auto& handlers = runtime.Own(std::make_unique<postgres::SqlBatchProcessor::Handlers>());
  handlers.On<referrals::v1::ReferralMoved>(
      [&follower](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                  const referrals::v1::ReferralMoved& event) { return follower.OnMoved(unit, envelope, event); });
  WireTiers(runtime, *office, handlers);
  return backbone.Consume(runtime,
                          {.topics = {"tilts.referrals.pmp.v1", "tilts.referrals.protection.v1", "tilts.risk.v1"},
                           .order_free_topics = {},
                           .audit_chain = "case-intake.operations"},
                          handlers);
}

}  // namespace tilts::case_intake
