#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include <vector>

#include "case_intake/adapters/fact_placing.hpp"
#include "case_intake/adapters/held_fact_store.hpp"
#include "rpc/call.hpp"

namespace tilts::case_intake {

// Takes facts: each is checked by itself, the pupils are found, what is known goes to the log and is awaited there,
// the rest is kept sealed. Nothing is claimed unless everything claimed is safe.
class FactDesk {
 public:
  explicit FactDesk(const FactOffice& facts) : facts_(facts) {}

  core::Result<intake::v1::PushFactsResponse> Push(const rpc::CallContext& call,
                                                   const intake::v1::PushFactsRequest& request) const;
  core::Result<intake::v1::LookUpPupilsResponse> LookUp(const rpc::CallContext& call,
                                                        const intake::v1::LookUpPupilsRequest& request) const;

 private:
  struct Item;
  std::vector<Item> Read(const rpc::CallContext& call, const intake::v1::PushFactsRequest& request) const;
  core::Status Hold(const rpc::CallContext& call, const std::vector<Item>& items) const;
  core::Status Publish(const rpc::CallContext& call, std::vector<Item>& items,
                       const intake::v1::PushFactsResponse& response) const;
  intake::v1::PushFactsResponse AnswerOf(const std::vector<Item>& items) const;

  const FactOffice& facts_;
};

// The fact as it waits, sealed: due now if nobody could be asked, else once its number becomes known.
core::Result<HeldFactRow> HeldRowOf(const FactOffice& facts, const std::string& institution_id, const FactInHand& item,
                                    core::CityTime now);

}  // namespace tilts::case_intake
