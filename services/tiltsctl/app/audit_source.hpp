#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "audit_chain/checkpoint.hpp"
#include "audit_chain/entry.hpp"
#include "core/result.hpp"

namespace tilts::tiltsctl {

class Connection;

// What the audit service says it holds; none of it is believed before it is verified.
class AuditSource {
 public:
  explicit AuditSource(Connection& connection) : connection_(connection) {}

  // Chain id to the sequence it is said to end at.
  core::Result<std::map<std::string, std::uint64_t>> Heads();
  core::Result<std::vector<audit_chain::Checkpoint>> Checkpoints();
  // In order, after `sequence`; empty at the end.
  core::Result<std::vector<audit_chain::Entry>> Page(const std::string& chain_id, std::uint64_t after);

 private:
  Connection& connection_;
};

}  // namespace tilts::tiltsctl
