#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "events/catalogue.hpp"
#include "events/record.hpp"

namespace tilts::events::v1 {
class Envelope;
}

namespace tilts::events {

// A record's value as an envelope. kCorrupt with reason ENVELOPE_EMPTY, ENVELOPE_UNREADABLE, ENVELOPE_ID_MISSING,
// ENVELOPE_SUBJECT_MISSING; kInvalid with reason EVENT_TYPE_UNKNOWN. Zero bytes are never a default event.
core::Result<v1::Envelope> Decode(std::string_view value, const Catalogue& catalogue = Catalogue::BuiltIn());

// The event inside, by the envelope's type. kCorrupt with reason EVENT_UNREADABLE.
core::Result<std::unique_ptr<google::protobuf::Message>> DecodeEvent(const v1::Envelope& envelope);
// Same into a message of the caller; kInternal when the type differs.
core::Status DecodeEventInto(const v1::Envelope& envelope, google::protobuf::Message& event);

// CloudEvents 1.0 binary-mode headers and traceparent; empty for topics that carry none.
std::vector<Header> CloudEventHeaders(const v1::Envelope& envelope, const Topic& topic);

}  // namespace tilts::events
