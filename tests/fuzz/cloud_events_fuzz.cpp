// POST /v1/events: one CloudEvent or a batch in structured mode.
#include <algorithm>

#include "gateway/app/cloud_events.hpp"
#include "require.hpp"
#include "wire/bytes.hpp"
#include "wire/json.hpp"

namespace tilts::gateway {
namespace {

using fuzz::Require;

// Every event is either forwarded or refused by itself, at its own place.
void RequireEachJudged(const EventBatch& batch) {
  Require(batch.facts.facts_size() == static_cast<int>(batch.places.size()), "each forwarded fact has a place");
  Require(std::is_sorted(batch.places.begin(), batch.places.end()), "facts keep the order of their events");
  std::size_t next = 0;
  for (std::size_t i = 0; i < batch.results.size(); ++i) {
    if (next < batch.places.size() && batch.places[next] == i) {
      ++next;
      continue;
    }
    const intake::v1::FactResult& result = batch.results[i];
    Require(result.status() == intake::v1::FACT_STATUS_REFUSED, "what is not forwarded is refused");
    Require(result.violations_size() > 0, "a refused event is told why");
    Require(result.event_id().size() <= 128, "an id is echoed only while it is short");
    for (const auto& violation : result.violations()) {
      Require(violation.field().starts_with("events[" + std::to_string(i) + "]"), "a violation names its event");
      Require(!violation.code().empty() && !violation.message().empty(), "a violation has code and message");
    }
  }
  Require(next == batch.places.size(), "each place is that of an event");
}

// The answer of a door that took everything, put back among the refused.
void RequireWholeAnswer(const EventBatch& batch) {
  intake::v1::PushFactsResponse door;
  for (std::size_t i = 0; i < batch.places.size(); ++i) {
    intake::v1::FactResult& result = *door.add_results();
    result.set_status(intake::v1::FACT_STATUS_REFUSED);
    auto& violation = *result.add_violations();
    violation.set_field("facts[" + std::to_string(i) + "].attendance.day");
    violation.set_code("TEST");
  }
  const core::Result<HttpOutput> answer = AnswerEvents(batch, door.SerializeAsString());
  Require(answer.has_value(), "an answer can be made");
  intake::v1::PushFactsResponse shown;
  Require(wire::FromJson(answer->json, shown).has_value(), "the answer is the contract's JSON");
  Require(shown.results_size() == static_cast<int>(batch.results.size()), "each event has an answer");
  for (const std::size_t place : batch.places) {
    Require(shown.results(static_cast<int>(place)).violations(0).field() ==
                "events[" + std::to_string(place) + "].data.day",
            "a fact's path becomes its event's");
  }
}

}  // namespace
}  // namespace tilts::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  gateway::HttpInput input;
  input.body = fuzz::Input(data, size);
  input.content_type = input.body.starts_with('[') ? gateway::kCloudEventBatch : gateway::kCloudEvent;
  const core::Result<gateway::EventBatch> batch = gateway::ReadEvents(input);
  if (!batch) {
    fuzz::Require(batch.error().code == core::Errc::kInvalid, "what cannot be read is the sender's fault");
    fuzz::RequireTold(batch.error());
    return 0;
  }
  gateway::RequireEachJudged(*batch);
  if (batch->facts.facts_size() > 0) {
    fuzz::Require(wire::Serialize(batch->facts).has_value(), "forwarded facts can be sent");
  }
  gateway::RequireWholeAnswer(*batch);
  return 0;
}
