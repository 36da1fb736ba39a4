#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "postgres/unit_of_work.hpp"

namespace tilts::postgres {

// consumed_sequence(consumer_group, source, aggregate_id, sequence): the highest sequence of an aggregate a consumer
// has processed. SqlBatchProcessor uses it for every record whose envelope has a sequence; use it directly only
// where events arrive another way.
class SequenceStore {
 public:
  explicit SequenceStore(std::string group) : group_(std::move(group)) {}

  // True when `sequence` is greater than the stored one, which it then replaces; false: seen before, do nothing.
  core::Result<bool> Advance(UnitOfWork& unit, const std::string& source, const std::string& aggregate_id,
                             std::uint64_t sequence) const;

  // For whole batches: (source, aggregate id) to sequence.
  using Sequences = std::map<std::pair<std::string, std::string>, std::uint64_t>;
  core::Result<Sequences> Load(UnitOfWork& unit, const std::vector<std::string>& aggregate_ids) const;
  core::Status Save(UnitOfWork& unit, const Sequences& sequences) const;

 private:
  std::string group_;
};

}  // namespace tilts::postgres
