#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit_chain/checkpoint.hpp"
#include "audit_chain/entry.hpp"
#include "core/result.hpp"
#include "postgres/database.hpp"

namespace tilts::audit {

struct NewRecord {
  std::string chain_id;
  std::string event_id;
  bool system = false;
  std::string record;  // the envelope's bytes
};

struct ChainHead {
  std::string chain_id;
  std::uint64_t sequence = 0;
  std::string hash;
  std::uint64_t caller_records = 0;
  std::uint64_t system_records = 0;
  std::uint64_t checkpoint_sequence = 0;
};

// Chains, entries and checkpoints in PostgreSQL.
class ChainStore {
 public:
  explicit ChainStore(postgres::Database& database) : database_(database) {}

  // Adds the record at the chain's end, in the caller's transaction; false when the event is there already.
  static core::Result<bool> Append(postgres::UnitOfWork& unit, const NewRecord& record);
  // Keeps the checkpoint and remembers that the chain is signed up to it.
  static core::Status SaveCheckpoint(postgres::UnitOfWork& unit, const audit_chain::Checkpoint& checkpoint);
  static core::Result<std::vector<ChainHead>> UnsignedHeads(postgres::UnitOfWork& unit);

  core::Result<std::vector<ChainHead>> Heads();
  core::Result<std::vector<audit_chain::Entry>> EntriesAfter(const std::string& chain_id, std::uint64_t after,
                                                             std::uint32_t limit);
  // Of all chains when `chain_id` is empty.
  core::Result<std::vector<audit_chain::Checkpoint>> Checkpoints(const std::string& chain_id);

  postgres::Database& database() { return database_; }

 private:
  postgres::Database& database_;
};

}  // namespace tilts::audit
