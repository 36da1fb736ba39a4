#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "gateway/app/transcoding.hpp"

namespace tilts::gateway {

// Facts as CloudEvents 1.0 in structured mode: one, or a batch.
inline constexpr std::string_view kCloudEvent = "application/cloudevents+json";
inline constexpr std::string_view kCloudEventBatch = "application/cloudevents-batch+json";

// Events on their way to FactService.PushFacts. What cannot be read as a fact is refused here, by itself.
struct EventBatch {
  intake::v1::PushFactsRequest facts;
  std::vector<std::size_t> places;              // of the facts among the events
  std::vector<intake::v1::FactResult> results;  // one an event, in order; filled in for the refused ones
};

// kInvalid when there are no events to be seen: CONTENT_TYPE, JSON_…, not an object or an array of objects.
// Types are "tilts.intake.v1." and the message name of a kind of facts; subject is the pupil number, the extensions
// `revision` (a number, also as text) and `withdrawn` (a boolean, also as text) belong to the fact; other extensions
// are let pass.
core::Result<EventBatch> ReadEvents(const HttpInput& input);

// The answer to the events from that of PushFacts; `bytes` is empty when nothing was forwarded. Paths name events:
// "facts[1].attendance.day" becomes "events[2].data.day".
core::Result<HttpOutput> AnswerEvents(EventBatch batch, const std::string& bytes);
// Likewise for a call that was refused as a whole.
core::Error InEventPaths(const EventBatch& batch, core::Error error);

}  // namespace tilts::gateway
