#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/city_time.hpp"
#include "risk_scoring/adapters/partition_store.hpp"
#include "service/operations.hpp"

namespace tilts::risk_scoring {

// A letter as it is kept: its name and bytes. A replay makes the same letters again, so they are state like any other.
core::Result<std::pair<std::string, std::optional<std::string>>> PackLetter(const events::Record& record,
                                                                            const core::Error& error,
                                                                            core::CityTime now);

// Dead letters as operators list them, kept in Redis with the state they are missing from. A replay meets the same
// records again, so re-driving one is `tiltsctl rebuild risk --apply` with a program that can read it.
class ParkedLetters : public service::DeadLetters {
 public:
  ParkedLetters(const PartitionStore& store, std::vector<events::TopicPartition> partitions)
      : store_(store), partitions_(std::move(partitions)) {}

  core::Result<operations::v1::ListDeadLettersResponse> List(
      const rpc::CallContext& call, const operations::v1::ListDeadLettersRequest& request) override;
  core::Result<operations::v1::RedriveDeadLetterResponse> Redrive(
      const rpc::CallContext& call, const operations::v1::RedriveDeadLetterRequest& request) override;

  core::Result<std::uint64_t> Count() const { return store_.CountLetters(partitions_); }

 private:
  const PartitionStore& store_;
  const std::vector<events::TopicPartition> partitions_;
};

}  // namespace tilts::risk_scoring
