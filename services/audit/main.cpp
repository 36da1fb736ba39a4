#include <tilts/operations/v1/operations_service.pb.h>

#include <filesystem>

#include "audit/adapters/chain_store.hpp"
#include "audit/adapters/witness_file.hpp"
#include "audit/app/audit_queries.hpp"
#include "audit/app/chain_check.hpp"
#include "audit/app/checkpointer.hpp"
#include "audit/app/record_handler.hpp"
#include "backbone/backbone.hpp"
#include "backbone/settings.hpp"
#include "backbone/trust.hpp"
#include "backbone/watch.hpp"
#include "config/config.hpp"
#include "crypto/ed25519.hpp"
#include "service/service.hpp"

namespace tilts::audit {
namespace {

constexpr char kTopic[] = "tilts.audit.v1";
constexpr int kLooksPerCheck = 10;  // one a second

double FreeShare(const std::string& file) {
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::path(file).parent_path(), error);
  return error || space.capacity == 0 ? 0 : static_cast<double>(space.available) / static_cast<double>(space.capacity);
}

// Looks for broken chains beside the work, and after the disk of the one file this house writes for ever.
void AddChainCheck(service::Runtime& runtime, ChainStore& store, const std::string& public_key) {
  auto& check = runtime.Own(std::make_unique<ChainCheck>(store, public_key, runtime.log, runtime.metrics));
  auto& watch = runtime.Own(std::make_unique<backbone::Watch>([&check](int looks) {
    if (looks % kLooksPerCheck == 0) static_cast<void>(check.Round());
  }));
  runtime.lifecycle.Add({"chain-check",
                         [&watch]() -> core::Status {
                           watch.Start();
                           return {};
                         },
                         {},
                         [&watch](service::StopDeadline) { watch.Stop(); }});
  runtime.operations.Add("chains", [&check](const rpc::CallContext&, operations::v1::GetStatusResponse& status) {
    for (const std::string& chain : check.broken()) {
      auto& fault = *status.add_faults();
      fault.set_code(operations::v1::FAULT_CODE_AUDIT_CHAIN_BROKEN);
      fault.set_object(chain);
    }
    return core::Status();
  });
  runtime.metrics.AddGaugeSource("tilts_audit_witness_disk_free_ratio", "Free share of the witness file's disk.", {},
                                 [file = runtime.config.audit().witness_file()] { return FreeShare(file); });
}

core::Status AddCheckpointer(service::Runtime& runtime, ChainStore& store) {
  const config::v1::Audit& section = runtime.config.audit();
  TILTS_ASSIGN(auto witness, WitnessFile::Open(section.witness_file()));
  TILTS_ASSIGN(auto key, crypto::SigningKey::FromFile(section.checkpoint_key_file()));
  AddChainCheck(runtime, store, key.public_key());
  auto& checkpointer = runtime.Own(std::make_unique<Checkpointer>(
      store, runtime.Own(std::move(witness)), std::move(key),
      CheckpointPolicy{section.checkpoint_records(), config::ToChrono(section.checkpoint_interval())},
      runtime.city_clock, runtime.log, runtime.metrics));
  // Before the consumer, so stopped after it: what the last batch added is signed too.
  runtime.lifecycle.Add({"checkpoints",
                         [&checkpointer]() -> core::Status {
                           checkpointer.Start();
                           return {};
                         },
                         {},
                         [&checkpointer](service::StopDeadline) { checkpointer.Stop(); }});
  return {};
}

core::Status Wire(service::Runtime& runtime) {
  TILTS_CHECK(backbone::TrustRegistry(runtime));
  TILTS_ASSIGN(auto made, backbone::Backbone::Create(runtime));
  auto& backbone = runtime.Own(std::move(made));
  auto& store = runtime.Own(std::make_unique<ChainStore>(backbone.database()));
  TILTS_CHECK(AddCheckpointer(runtime, store));
  runtime.Own(std::make_unique<AuditQueries>(store)).Bind(runtime.methods);
  auto& records = runtime.Own(std::make_unique<RecordHandler>(runtime.metrics));
  auto& handlers = runtime.Own(std::make_unique<postgres::SqlBatchProcessor::Handlers>());
  handlers.On<v1::AuditRecorded>(
      [&records](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope, const v1::AuditRecorded& record) {
        return records.Handle(unit, envelope, record);
      });
  // A record that cannot be chained must not hold up the others of its chain.
  return backbone.Consume(runtime, {{kTopic}, {kTopic}, "audit.operations"}, handlers);
}

}  // namespace
}  // namespace tilts::audit

int main(int argc, char** argv) {
  tilts::service::Definition definition;
  definition.name = "audit";
  definition.wire = tilts::audit::Wire;
  definition.migrate = [](const tilts::config::v1::ServiceConfig& config, const tilts::log::Logger& log) {
    return tilts::backbone::MigrateSchema(config, "audit", log);
  };
  definition.sections = {"postgres", "kafka", "auth", "audit"};
  return tilts::service::Run(argc, argv, std::move(definition));
}
