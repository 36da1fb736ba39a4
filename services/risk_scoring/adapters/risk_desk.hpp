#pragma once

#include <tilts/risk/v1/risk_service.pb.h>

#include <string>
#include <vector>

#include "auth/audit_record.hpp"
#include "events/bus.hpp"
#include "risk_scoring/adapters/partition_store.hpp"
#include "risk_scoring/app/cards.hpp"
#include "risk_scoring/app/partition.hpp"
#include "rpc/method_table.hpp"

namespace tilts::risk_scoring {

struct DeskParts {
  const PartitionStore& store;
  events::Publisher& publisher;
  const CardBook& cards;
  CardInForce first_card;
  std::string topic;  // of the facts
  std::int32_t partitions = 0;
};

// Answers RiskService out of Redis, so that any replica can, whoever consumes. Each read leaves its audit record on the
// log before the answer leaves; without the record there is no answer.
class RiskDesk {
 public:
  explicit RiskDesk(DeskParts parts) : parts_(std::move(parts)) {}
  void Bind(rpc::MethodTable& methods) const;

  core::Result<risk::v1::GetScoreResponse> GetScore(const rpc::CallContext& call,
                                                    const risk::v1::GetScoreRequest& request) const;
  core::Result<risk::v1::ExplainScoreResponse> ExplainScore(const rpc::CallContext& call,
                                                            const risk::v1::ExplainScoreRequest& request) const;
  core::Result<risk::v1::ListProposalsResponse> ListProposals(const rpc::CallContext& call,
                                                              const risk::v1::ListProposalsRequest& request) const;
  core::Result<risk::v1::WhatIfResponse> WhatIf(const rpc::CallContext& call,
                                                const risk::v1::WhatIfRequest& request) const;
  core::Result<risk::v1::GetCardResponse> GetCard() const;
  core::Result<risk::v1::ActivateCardResponse> ActivateCard(const rpc::CallContext& call,
                                                            const risk::v1::ActivateCardRequest& request) const;

 private:
  struct Seen {
    PupilState state;
    Control control;
  };
  // The pupil, audited as `view`; NOT_FOUND alike for an unknown pupil and for another institution's.
  core::Result<Seen> See(const rpc::CallContext& call, const std::string& pupil_id, const char* view) const;
  core::Result<Control> ControlOf(const std::string& stored) const;
  core::Status Record(const rpc::CallContext& call, const auth::AuditFacts& facts) const;
  std::vector<events::TopicPartition> AllPartitions() const;

  const DeskParts parts_;
};

}  // namespace tilts::risk_scoring
