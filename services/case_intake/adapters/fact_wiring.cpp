#include "case_intake/adapters/fact_wiring.hpp"

#include <tilts/operations/v1/operations_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include "backbone/settings.hpp"
#include "case_intake/adapters/fact_desk.hpp"
#include "case_intake/adapters/held_fact_desk.hpp"
#include "case_intake/adapters/held_fact_worker.hpp"
#include "case_intake/adapters/roster_desk.hpp"
#include "config/config.hpp"
#include "crypto/key_ring.hpp"
#include "kafka/producer.hpp"
#include "service/service.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kRegistry[] = "registry";
constexpr std::chrono::milliseconds kCalendarTimeout{3'000};

SchoolDays::Fetch AskForCalendars(rpc::Channel& registry, rpc::Credentials& credentials) {
  return [&registry, &credentials]() -> core::Result<registry::v1::ListCalendarsResponse> {
    rpc::CallOptions options;
    options.timeout = kCalendarTimeout;
    TILTS_ASSIGN(options.metadata, credentials.For(kRegistry, nullptr, "calendars"));
    return registry.Call<registry::v1::ListCalendarsResponse>("tilts.registry.v1.RegistryService/ListCalendars",
                                                              registry::v1::ListCalendarsRequest(), options);
  };
}

// The oldest key of the ring: a newer one in front must not give known records other names.
core::Result<FactKeys> ReadKeys(const config::v1::ServiceConfig& config) {
  TILTS_ASSIGN(const auto index, crypto::KeyRing::FromFile(config.crypto().index_key_file()));
  return FactKeys(index.entries().back().key.bytes());
}

void BindMethods(rpc::MethodTable& methods, FactDesk& facts, RosterDesk& rosters, HeldFactDesk& held) {
  using namespace intake::v1;  // NOLINT(google-build-using-namespace): the contract's messages, in this table only
  using rpc::CallContext;
  methods.Bind<PushFactsRequest, PushFactsResponse>(
      "tilts.intake.v1.FactService/PushFacts",
      [&](const CallContext& call, const PushFactsRequest& request) { return facts.Push(call, request); });
  methods.BindStream<PushFactsRequest, PushFactsResponse>(
      "tilts.intake.v1.FactService/StreamFacts",
      [&](const CallContext& call, const PushFactsRequest& request) { return facts.Push(call, request); });
  methods.Bind<LookUpPupilsRequest, LookUpPupilsResponse>(
      "tilts.intake.v1.FactService/LookUpPupils",
      [&](const CallContext& call, const LookUpPupilsRequest& request) { return facts.LookUp(call, request); });
  methods.Bind<PushRosterRequest, PushRosterResponse>(
      "tilts.intake.v1.FactService/PushRoster",
      [&](const CallContext& call, const PushRosterRequest& request) { return rosters.Push(call, request); });
  methods.Bind<ListHeldFactsRequest, ListHeldFactsResponse>(
      "tilts.intake.v1.FactService/ListHeldFacts",
      [&](const CallContext& call, const ListHeldFactsRequest& request) { return held.List(call, request); });
  methods.Bind<RedriveHeldFactsRequest, RedriveHeldFactsResponse>(
      "tilts.intake.v1.FactService/RedriveHeldFacts",
      [&](const CallContext& call, const RedriveHeldFactsRequest& request) { return held.Redrive(call, request); });
}

// A producer of its own: facts wait for fuller batches than the events of a case may.
core::Result<std::unique_ptr<kafka::Producer>> MakePublisher(const service::Runtime& runtime) {
  TILTS_ASSIGN(kafka::KafkaOptions options, backbone::KafkaSettings(runtime.config, runtime.name));
  options.client_id += "-facts";
  options.linger =
      std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(runtime.config.intake().fact_linger()));
  return kafka::Producer::Create(options);
}

// A held fact whose number is known is due work; one that waits for its number is not: the clock may go on.
void ReportHeldFacts(service::Runtime& runtime, postgres::Database& database) {
  const core::CityClock& clock = runtime.city_clock;
  runtime.operations.Add("held-facts",
                         [&](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> core::Status {
                           TILTS_ASSIGN(const HeldFactBacklog backlog, CountHeldFacts(database, clock.Now()));
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

core::Status WireFacts(service::Runtime& runtime, const Office& office, rpc::Channel& registry,
                       rpc::Credentials& credentials) {
  const config::v1::Intake& section = runtime.config.intake();
  TILTS_ASSIGN(auto made, MakePublisher(runtime));
  events::Publisher& publisher = runtime.Own(std::move(made));
  TILTS_ASSIGN(FactKeys keys, ReadKeys(runtime.config));
  PupilRegistry& numbers = runtime.Own(std::make_unique<RpcPupilRegistry>(registry, credentials));
  PupilDirectory& pupils =
      runtime.Own(std::make_unique<PupilDirectory>(numbers, section.pupil_cache_entries(), runtime.log));
  SchoolDays& school_days = runtime.Own(std::make_unique<SchoolDays>(AskForCalendars(registry, credentials)));
  FactOffice& facts = runtime.Own(std::make_unique<FactOffice>(
      FactOffice{office, publisher, pupils, school_days, std::move(keys), FactProbe(runtime.metrics)}));
  const auto poll = std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(section.held_fact_poll()));
  HeldFactWorker& worker = runtime.Own(std::make_unique<HeldFactWorker>(facts, school_days, runtime.city_clock, poll));
  facts.wake = [&worker] { worker.Wake(); };
  runtime.lifecycle.Add({"held-facts",
                         [&worker]() -> core::Status {
                           worker.Start();
                           return {};
                         },
                         [&worker] { worker.RequestStop(); }, [&worker](service::StopDeadline) { worker.Stop(); }});
  FactDesk& desk = runtime.Own(std::make_unique<FactDesk>(facts));
  RosterDesk& rosters = runtime.Own(std::make_unique<RosterDesk>(facts));
  HeldFactDesk& held = runtime.Own(std::make_unique<HeldFactDesk>(facts, worker));
  BindMethods(runtime.methods, desk, rosters, held);
  ReportHeldFacts(runtime, office.database);
  return {};
}

}  // namespace tilts::case_intake
