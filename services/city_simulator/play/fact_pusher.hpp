#pragma once

#include <string>
#include <vector>

#include "city_simulator/api/api.hpp"
#include "city_simulator/learners/fact_plan.hpp"
#include "city_simulator/ledger/ledger.hpp"
#include "city_simulator/play/setup.hpp"

namespace tilts::city_simulator {

// What the door answered to one planned fact.
struct Pushed {
  std::string school;
  const PlannedFact* planned = nullptr;
  intake::v1::FactResult result;
};

// Sends what the schools have to tell: by JSON, CloudEvents and gRPC in turn, in batches, some of them twice and in no
// order. A few schools at a time.
class FactPusher {
 public:
  FactPusher(Api& api, const Parties& parties, Ledger& ledger, std::uint64_t seed)
      : api_(api), parties_(parties), ledger_(ledger), seed_(seed) {}

  // `occasion` names the day for the dice. The posts must outlive the answer.
  std::vector<Pushed> Push(const std::vector<SchoolPost>& posts, const std::string& occasion);

 private:
  enum class Way { kJson, kCloudEvents, kRpc };

  std::vector<Pushed> PushPost(const SchoolPost& post, const std::string& occasion);
  void PushBatch(const std::string& school, const std::vector<const PlannedFact*>& batch, Way way, bool again,
                 std::vector<Pushed>& pushed);
  Called Send(const Caller& caller, Way way, const intake::v1::PushFactsRequest& request,
              intake::v1::PushFactsResponse& response);

  Api& api_;
  const Parties& parties_;
  Ledger& ledger_;
  const std::uint64_t seed_;
};

// A batch of CloudEvents 1.0 in JSON, one for each fact.
std::string CloudEventsOf(const intake::v1::PushFactsRequest& request, const std::string& source);

}  // namespace tilts::city_simulator
