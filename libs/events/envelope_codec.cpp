#include "events/envelope_codec.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/time_util.h>
#include <tilts/events/v1/envelope.pb.h>

namespace tilts::events {
namespace {

tl::unexpected<core::Error> Corrupt(const char* reason, const char* message) {
  return core::Fail(core::Errc::kCorrupt, message, reason);
}

}  // namespace

core::Result<v1::Envelope> Decode(std::string_view value, const Catalogue& catalogue) {
  if (value.empty()) return Corrupt("ENVELOPE_EMPTY", "the record has no value: ask its producer for the event");
  v1::Envelope envelope;
  if (value.size() > kMaxRecordBytes || !envelope.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return Corrupt("ENVELOPE_UNREADABLE", "the record's value is not an envelope");
  }
  if (envelope.id().empty()) return Corrupt("ENVELOPE_ID_MISSING", "the envelope has no event id");
  if (envelope.subject().empty()) return Corrupt("ENVELOPE_SUBJECT_MISSING", "the envelope has no subject");
  if (!catalogue.KnowsEvent(envelope.type())) {
    return core::Fail(core::Errc::kInvalid, "the event type is not known here: update this service, then re-drive",
                      "EVENT_TYPE_UNKNOWN");
  }
  return envelope;
}

core::Result<std::unique_ptr<google::protobuf::Message>> DecodeEvent(const v1::Envelope& envelope) {
  const auto* type = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(envelope.type());
  if (type == nullptr) {
    return core::Fail(core::Errc::kInvalid, "the event type is not known here: update this service, then re-drive",
                      "EVENT_TYPE_UNKNOWN");
  }
  std::unique_ptr<google::protobuf::Message> event(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  TILTS_CHECK(DecodeEventInto(envelope, *event));
  return event;
}

core::Status DecodeEventInto(const v1::Envelope& envelope, google::protobuf::Message& event) {
  if (event.GetDescriptor()->full_name() != envelope.type()) {
    return core::Fail(core::Errc::kInternal, "the handler is registered for another event type", "EVENT_TYPE");
  }
  // An event whose fields are all at their default is zero bytes, and that is not an error here.
  if (!event.ParseFromString(envelope.data())) {
    return Corrupt("EVENT_UNREADABLE", "the envelope's data is not an event of its type");
  }
  return {};
}

std::vector<Header> CloudEventHeaders(const v1::Envelope& envelope, const Topic& topic) {
  if (!topic.cloud_events_headers) return {};
  std::vector<Header> headers = {
      {"ce_specversion", "1.0"},
      {"ce_id", envelope.id()},
      {"ce_source", envelope.source()},
      {"ce_type", envelope.type()},
      {"ce_subject", envelope.subject()},
      {"ce_time", google::protobuf::util::TimeUtil::ToString(envelope.occurred_at())},
      {"content-type", "application/protobuf"},
  };
  if (!envelope.traceparent().empty()) headers.push_back({"traceparent", envelope.traceparent()});
  return headers;
}

}  // namespace tilts::events
