#include "tiltsctl/app/audit_source.hpp"

#include <tilts/audit/v1/audit_service.pb.h>

#include "tiltsctl/adapters/connection.hpp"
#include "wire/time.hpp"

namespace tilts::tiltsctl {
namespace {

constexpr char kService[] = "audit";
constexpr std::uint32_t kPage = 1'000;

}  // namespace

core::Result<std::map<std::string, std::uint64_t>> AuditSource::Heads() {
  TILTS_ASSIGN(const auto answer,
               connection_.Call<audit::v1::ListChainsResponse>(kService, "tilts.audit.v1.AuditService/ListChains",
                                                               audit::v1::ListChainsRequest()));
  std::map<std::string, std::uint64_t> heads;
  for (const auto& chain : answer.chains()) heads[chain.chain_id()] = chain.head_sequence();
  return heads;
}

core::Result<std::vector<audit_chain::Checkpoint>> AuditSource::Checkpoints() {
  TILTS_ASSIGN(const auto answer,
               connection_.Call<audit::v1::ListCheckpointsResponse>(
                   kService, "tilts.audit.v1.AuditService/ListCheckpoints", audit::v1::ListCheckpointsRequest()));
  std::vector<audit_chain::Checkpoint> checkpoints;
  for (const auto& checkpoint : answer.checkpoints()) {
    TILTS_ASSIGN(const core::CityTime at, wire::FromTimestamp(checkpoint.at()));
    checkpoints.push_back({checkpoint.chain_id(), checkpoint.sequence(), checkpoint.hash(), at, checkpoint.key_id(),
                           checkpoint.signature()});
  }
  return checkpoints;
}

core::Result<std::vector<audit_chain::Entry>> AuditSource::Page(const std::string& chain_id, std::uint64_t after) {
  audit::v1::ListEntriesRequest request;
  request.set_chain_id(chain_id);
  request.set_after_sequence(after);
  request.set_limit(kPage);
  TILTS_ASSIGN(auto answer, connection_.Call<audit::v1::ListEntriesResponse>(
                                kService, "tilts.audit.v1.AuditService/ListEntries", request));
  std::vector<audit_chain::Entry> entries;
  for (auto& entry : *answer.mutable_entries()) {
    entries.push_back(
        {entry.chain_id(), entry.sequence(), entry.previous_hash(), entry.hash(), std::move(*entry.mutable_record())});
  }
  return entries;
}

}  // namespace tilts::tiltsctl
