#include "audit/app/audit_queries.hpp"

#include <tilts/events/v1/envelope.pb.h>

#include "wire/bytes.hpp"
#include "wire/time.hpp"

namespace tilts::audit {
namespace {

constexpr std::uint32_t kDefaultLimit = 500;
constexpr std::uint32_t kLargestLimit = 1'000;
constexpr std::size_t kPageBytes = 1u << 20;  // half of it twice: the record and its decoded form

core::Error Wrong(std::string field, std::string what) {
  return {core::Errc::kInvalid, what, "REQUEST", {{std::move(field), "INVALID", what}}, 0};
}

void FillEntry(const audit_chain::Entry& entry, v1::Entry& out) {
  out.set_chain_id(entry.chain_id);
  out.set_sequence(entry.sequence);
  out.set_previous_hash(entry.previous_hash);
  out.set_hash(entry.hash);
  out.set_record(entry.record);
  // What was tampered with may not decode; a verifier looks at the bytes alone.
  events::v1::Envelope envelope;
  v1::AuditRecorded decoded;
  if (wire::Parse(entry.record, envelope) && wire::Parse(envelope.data(), decoded)) *out.mutable_decoded() = decoded;
}

}  // namespace

void AuditQueries::Bind(rpc::MethodTable& methods) {
  methods.Bind<v1::ListChainsRequest, v1::ListChainsResponse>(
      "tilts.audit.v1.AuditService/ListChains",
      [this](const rpc::CallContext&, const v1::ListChainsRequest&) { return ListChains(); });
  methods.Bind<v1::ListEntriesRequest, v1::ListEntriesResponse>(
      "tilts.audit.v1.AuditService/ListEntries",
      [this](const rpc::CallContext&, const v1::ListEntriesRequest& request) { return ListEntries(request); });
  methods.Bind<v1::ListCheckpointsRequest, v1::ListCheckpointsResponse>(
      "tilts.audit.v1.AuditService/ListCheckpoints",
      [this](const rpc::CallContext&, const v1::ListCheckpointsRequest& request) { return ListCheckpoints(request); });
}

core::Result<v1::ListChainsResponse> AuditQueries::ListChains() {
  TILTS_ASSIGN(const std::vector<ChainHead> heads, store_.Heads());
  v1::ListChainsResponse answer;
  for (const ChainHead& head : heads) {
    auto& chain = *answer.add_chains();
    chain.set_chain_id(head.chain_id);
    chain.set_head_sequence(head.sequence);
    chain.set_head_hash(head.hash);
    answer.set_caller_records(answer.caller_records() + head.caller_records);
    answer.set_system_records(answer.system_records() + head.system_records);
  }
  return answer;
}

core::Result<v1::ListEntriesResponse> AuditQueries::ListEntries(const v1::ListEntriesRequest& request) {
  if (!audit_chain::IsChainId(request.chain_id()))
    return core::Fail(Wrong("chain_id", "use an id that ListChains gives"));
  if (request.limit() > kLargestLimit) return core::Fail(Wrong("limit", "ask for at most 1,000 entries"));
  const std::uint32_t limit = request.limit() == 0 ? kDefaultLimit : request.limit();
  TILTS_ASSIGN(const auto entries, store_.EntriesAfter(request.chain_id(), request.after_sequence(), limit));
  v1::ListEntriesResponse answer;
  std::size_t bytes = 0;
  for (const audit_chain::Entry& entry : entries) {
    bytes += entry.record.size();
    // A shorter page than asked for is no end: the reader goes on after the last sequence until a page is empty.
    if (answer.entries_size() > 0 && bytes > kPageBytes) break;
    FillEntry(entry, *answer.add_entries());
  }
  return answer;
}

core::Result<v1::ListCheckpointsResponse> AuditQueries::ListCheckpoints(const v1::ListCheckpointsRequest& request) {
  TILTS_ASSIGN(const auto checkpoints, store_.Checkpoints(request.chain_id()));
  v1::ListCheckpointsResponse answer;
  for (const audit_chain::Checkpoint& checkpoint : checkpoints) {
    auto& out = *answer.add_checkpoints();
    out.set_chain_id(checkpoint.chain_id);
    out.set_sequence(checkpoint.sequence);
    out.set_hash(checkpoint.hash);
    *out.mutable_at() = wire::ToTimestamp(checkpoint.at);
    out.set_key_id(checkpoint.key_id);
    out.set_signature(checkpoint.signature);
  }
  return answer;
}

}  // namespace tilts::audit
