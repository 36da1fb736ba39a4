#include "registry/adapters/wiring.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include "auth/service_auth.hpp"
#include "backbone/backbone.hpp"
#include "backbone/settings.hpp"
#include "calendar/calendar_data.hpp"
#include "config/config.hpp"
#include "crypto/hash.hpp"
#include "registry/adapters/data_files.hpp"
#include "registry/adapters/doors.hpp"
#include "registry/adapters/erasure_reader.hpp"
#include "registry/adapters/key_expiry.hpp"
#include "registry/adapters/school_day_timer.hpp"
#include "registry/adapters/sql_register.hpp"
#include "registry/adapters/sql_vault.hpp"
#include "registry/app/pupil_app.hpp"
#include "registry/app/seed.hpp"
#include "registry/app/vault_app.hpp"
#include "service/service.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

using config::v1::ServiceConfig;
using core::Result;

struct Keys {
  crypto::KeyRing master;
  crypto::KeyRing index;
};

Result<Keys> LoadKeys(const ServiceConfig& config) {
  TILTS_CHECK(config::Require(config, {"crypto"}));
  TILTS_ASSIGN(auto master, crypto::KeyRing::FromFile(config.crypto().master_key_file()));
  TILTS_ASSIGN(auto index, crypto::KeyRing::FromFile(config.crypto().index_key_file()));
  return Keys{std::move(master), std::move(index)};
}

// Fingerprints of requests hold for 30 days; a new index key ends them early, which only costs a repeat its answer.
postgres::Idempotency MakeIdempotency(const crypto::KeyRing& index) {
  return postgres::Idempotency(crypto::DeriveKey(index.newest().key.bytes(), "tilts/registry/idempotency/v1"));
}

Result<std::vector<ServedCalendar>> CalendarsOf(const ServiceConfig& config) {
  return LoadCalendars(config.data_dir() + "/calendars");
}

// Everything behind the doors; parts in the order in which they need each other.
struct Parts {
  Parts(postgres::Database& database, Keys keys, std::vector<ServedCalendar> calendars, const service::Runtime& runtime,
        ErasureReader::Options trail)
      : idempotency(MakeIdempotency(keys.index)),
        vault_keys(std::move(keys.master), std::move(keys.index)),
        register_store(database, idempotency),
        vault_store(database, idempotency, vault_keys),
        register_app(register_store, std::move(calendars), ContractOperations()),
        erasures(database, vault_store, runtime.city_clock, std::move(trail), runtime.log),
        vault_app(vault_store, [this] { return erasures.up_to_date(); }),
        pupil_app(vault_store) {}

  const postgres::Idempotency idempotency;
  const VaultKeys vault_keys;
  SqlRegister register_store;
  SqlVault vault_store;
  RegisterApp register_app;
  ErasureReader erasures;
  VaultApp vault_app;
  PupilApp pupil_app;
};

// Like every other service, but the grants come from the service's own tables.
core::Status TrustOwnGrants(service::Runtime& runtime, RegisterApp& app) {
  TILTS_ASSIGN(auto made, auth::ServiceAuth::Create(runtime.name, runtime.config.auth(), runtime.machine_clock));
  auth::ServiceAuth& trust = runtime.Own(std::move(made));
  trust.UseFetch([&app](std::uint64_t known_version) { return app.GetGrantSnapshot(known_version); });
  runtime.UseGatekeeper(trust.gatekeeper());
  runtime.lifecycle.Add({"grants",
                         [&trust]() -> core::Status {
                           trust.grants().Start();
                           return {};
                         },
                         {},
                         [&trust](service::StopDeadline) { trust.grants().Stop(); }});
  return {};
}

// A close is due work: the city clock may not jump over it.
void ReportClosings(service::Runtime& runtime, SchoolDayTimer& timer) {
  runtime.operations.Add(
      "school-days", [&timer](const rpc::CallContext&, operations::v1::GetStatusResponse& status) -> core::Status {
        TILTS_ASSIGN(const ClosingBacklog backlog, timer.Count());
        status.set_due_now(status.due_now() + backlog.due);
        if (!backlog.next_due_at) return {};
        const auto next = wire::ToTimestamp(*backlog.next_due_at);
        const bool earlier = !status.has_next_due_at() || next.seconds() < status.next_due_at().seconds();
        if (earlier) *status.mutable_next_due_at() = next;
        return {};
      });
}

void CloseSchoolDays(service::Runtime& runtime, postgres::Database& database, calendar::Calendar schools) {
  const auto& settings = runtime.config.registry();
  const SchoolDayTimer::Options options{
      settings.school_day_closes_hour(),
      std::chrono::duration_cast<std::chrono::milliseconds>(config::ToChrono(settings.school_day_poll()))};
  SchoolDayTimer& timer = runtime.Own(
      std::make_unique<SchoolDayTimer>(database, std::move(schools), runtime.city_clock, options, runtime.log));
  runtime.lifecycle.Add({"school-days",
                         [&timer]() -> core::Status {
                           timer.Start();
                           return {};
                         },
                         [&timer] { timer.RequestStop(); }, [&timer](service::StopDeadline) { timer.Stop(); }});
  ReportClosings(runtime, timer);
}

// Before any name is read again: a database that was put back may have keys of persons erased since.
void ReadErasures(service::Runtime& runtime, ErasureReader& reader) {
  runtime.lifecycle.Add({"erasures",
                         [&reader]() -> core::Status {
                           reader.Start();
                           return {};
                         },
                         [&reader] { reader.RequestStop(); }, [&reader](service::StopDeadline) { reader.Stop(); }});
}

core::Status ApplySeedFiles(const ServiceConfig& config, RegisterStore& store, const log::Logger& log) {
  TILTS_ASSIGN(const auto calendars, CalendarsOf(config));
  TILTS_ASSIGN(const auto seed, LoadSeed(config.registry().seed_dir(), calendars));
  TILTS_ASSIGN(const SeedOutcome outcome, ApplySeed(store, seed));
  log.Info("institutions seeded",
           {{"added", outcome.added}, {"updated", outcome.updated}, {"changed_by_people", outcome.kept}});
  if (config.registry().operator_key_file().empty()) return {};
  TILTS_ASSIGN(const std::string text, config::Secret("operator key", "", config.registry().operator_key_file()));
  TILTS_ASSIGN(const auth::ApiKey key, auth::ParseApiKey(text));
  TILTS_ASSIGN(const bool made, MakeFirstOperator(store, key));
  if (made) log.Info("first operator key made");
  return {};
}

}  // namespace

core::Status Wire(service::Runtime& runtime) {
  TILTS_ASSIGN(Keys keys, LoadKeys(runtime.config));
  TILTS_ASSIGN(auto calendars, CalendarsOf(runtime.config));
  TILTS_ASSIGN(calendar::Calendar schools, SchoolCalendar(calendars));
  TILTS_ASSIGN(auto made, backbone::Backbone::Create(runtime));
  auto& backbone = runtime.Own(std::move(made));
  ErasureReader::Options trail;
  TILTS_ASSIGN(trail.kafka, backbone::KafkaSettings(runtime.config, runtime.name));
  TILTS_ASSIGN(trail.trail, ErasureReader::TrailOfPersons());
  Parts& parts = runtime.Own(
      std::make_unique<Parts>(backbone.database(), std::move(keys), std::move(calendars), runtime, std::move(trail)));
  TILTS_CHECK(TrustOwnGrants(runtime, parts.register_app));
  BindRegister(runtime.methods, parts.register_app);
  BindVault(runtime.methods, parts.vault_app);
  BindPupils(runtime.methods, parts.pupil_app);
  ReadErasures(runtime, parts.erasures);
  CloseSchoolDays(runtime, backbone.database(), std::move(schools));
  runtime.operations.Add(
      "keys", [expiry = KeyExpiry(runtime.metrics), &database = backbone.database(), &clock = runtime.city_clock](
                  const rpc::CallContext&, operations::v1::GetStatusResponse&) {
        return expiry.Measure(database, clock.Now());
      });
  return {};
}

core::Status Migrate(const ServiceConfig& config, const log::Logger& log) {
  TILTS_CHECK(backbone::MigrateSchema(config, "registry", log));
  TILTS_ASSIGN(const auto options, backbone::DatabaseSettings(config, "registry"));
  postgres::Database database(options);
  TILTS_ASSIGN(Keys keys, LoadKeys(config));
  const postgres::Idempotency idempotency = MakeIdempotency(keys.index);
  SqlRegister store(database, idempotency);
  TILTS_CHECK(ApplySeedFiles(config, store, log));
  const VaultKeys vault_keys(std::move(keys.master), std::move(keys.index));
  TILTS_ASSIGN(const RotationOutcome rotated, RotateVaultKeys(database, vault_keys));
  if (rotated.rewrapped + rotated.reindexed > 0) {
    log.Info("keys rotated", {{"rewrapped", rotated.rewrapped}, {"reindexed", rotated.reindexed}});
  }
  return {};
}

core::Status CheckFiles(const ServiceConfig& config) {
  TILTS_CHECK(LoadKeys(config));
  TILTS_ASSIGN(const auto calendars, CalendarsOf(config));
  TILTS_CHECK(SchoolCalendar(calendars));
  TILTS_CHECK(LoadSeed(config.registry().seed_dir(), calendars));
  return {};
}

}  // namespace tilts::registry
