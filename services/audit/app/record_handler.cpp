#include "audit/app/record_handler.hpp"

#include "audit/adapters/chain_store.hpp"
#include "audit_chain/entry.hpp"
#include "wire/bytes.hpp"

namespace tilts::audit {
namespace {

constexpr char kName[] = "tilts_audit_records_total";
constexpr char kHelp[] = "Records put into chains, by who acted; duplicates were there already.";

}  // namespace

RecordHandler::RecordHandler(metrics::Registry& metrics)
    : caller_records_(metrics.AddCounter(kName, kHelp, {{"kind", "caller"}})),
      system_records_(metrics.AddCounter(kName, kHelp, {{"kind", "system"}})),
      duplicates_(metrics.AddCounter(kName, kHelp, {{"kind", "duplicate"}})) {}

core::Status RecordHandler::Handle(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                                   const v1::AuditRecorded& record) const {
  if (!audit_chain::IsChainId(record.chain_id())) {
    return core::Fail(core::Errc::kInvalid, "name the chain as <service>.<purpose>", "CHAIN_ID");
  }
  // An envelope has no maps, and unknown fields are kept: written again it has the bytes it came with.
  TILTS_ASSIGN(std::string bytes, wire::Serialize(envelope));
  TILTS_ASSIGN(const bool added,
               ChainStore::Append(unit, {record.chain_id(), envelope.id(), record.system(), std::move(bytes)}));
  const metrics::Counter& counter = !added ? duplicates_ : record.system() ? system_records_ : caller_records_;
  counter.Add();
  return {};
}

}  // namespace tilts::audit
