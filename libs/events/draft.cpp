#include "events/draft.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <tilts/events/v1/envelope.pb.h>

#include <algorithm>

#include "core/sha256.hpp"
#include "events/envelope_codec.hpp"
#include "wire/bytes.hpp"
#include "wire/time.hpp"

namespace tilts::events {
namespace {

core::Status CheckMeta(const Meta& meta) {
  core::Error error{core::Errc::kInvalid, "complete the event's meta data", "EVENT_META", {}, 0};
  const auto require = [&](bool present, const char* field) {
    if (!present) error.violations.push_back({field, "REQUIRED", "must be set"});
  };
  require(!meta.id.empty(), "id");
  require(!meta.source.empty(), "source");
  require(!meta.subject.empty(), "subject");
  require(meta.recorded_at != core::CityTime{}, "recorded_at");
  require(meta.occurred_at != core::CityTime{}, "occurred_at");
  require(meta.data_schema > 0, "data_schema");
  if (error.violations.empty()) return {};
  return core::Fail(std::move(error));
}

core::Result<v1::Envelope> Wrap(const google::protobuf::Message& event, const Meta& meta) {
  TILTS_CHECK(CheckMeta(meta));
  v1::Envelope envelope;
  envelope.set_id(meta.id);
  envelope.set_type(event.GetDescriptor()->full_name());
  envelope.set_source(meta.source);
  envelope.set_subject(meta.subject);
  *envelope.mutable_occurred_at() = wire::ToTimestamp(meta.occurred_at);
  *envelope.mutable_recorded_at() = wire::ToTimestamp(meta.recorded_at);
  envelope.set_sequence(meta.sequence);
  envelope.set_causation_id(meta.causation_id);
  envelope.set_correlation_id(meta.correlation_id.empty() ? meta.id : meta.correlation_id);
  envelope.set_school_year(meta.school_year);
  envelope.set_municipality(meta.municipality);
  envelope.set_data_schema(meta.data_schema);
  envelope.set_traceparent(meta.traceparent);
  envelope.set_purpose(meta.purpose);
  TILTS_ASSIGN(*envelope.mutable_data(), wire::Serialize(event));
  return envelope;
}

core::Result<Draft> Pack(const v1::Envelope& envelope, const Topic& topic, std::string key) {
  Draft draft{topic.name, std::move(key), std::nullopt, envelope.id(), {}, CloudEventHeaders(envelope, topic)};
  TILTS_ASSIGN(draft.value, wire::Serialize(envelope));
  if (draft.value.size() > kMaxRecordBytes) {
    return core::Fail(core::Errc::kInvalid, "the event is larger than a record may be: send ids instead of content",
                      "RECORD_TOO_LARGE");
  }
  return draft;
}

}  // namespace

std::string DerivedId(std::string_view cause_id, std::string_view rule, std::uint32_t index) {
  // Lengths in front keep ("ab", "c") and ("a", "bc") apart.
  std::string text = std::to_string(cause_id.size()) + ":";
  text.append(cause_id).append(":" + std::to_string(rule.size()) + ":").append(rule);
  text.append(":" + std::to_string(index));
  return core::Hex(core::Sha256(text), 16);
}

core::Result<Draft> MakeDraft(const google::protobuf::Message& event, const Meta& meta, const Catalogue& catalogue) {
  TILTS_ASSIGN(const Topic* topic, catalogue.TopicOf(event.GetDescriptor()->full_name(), meta.purpose));
  TILTS_ASSIGN(std::string key, catalogue.KeyOf(event));
  TILTS_ASSIGN(const v1::Envelope envelope, Wrap(event, meta));
  return Pack(envelope, *topic, std::move(key));
}

core::Result<std::vector<Draft>> MakeBroadcast(const google::protobuf::Message& event, const Meta& meta,
                                               std::string_view topic, const Catalogue& catalogue) {
  const auto candidates = catalogue.TopicsOf(event.GetDescriptor()->full_name());
  const auto found =
      std::find_if(candidates.begin(), candidates.end(), [&](const Topic* one) { return one->name == topic; });
  if (found == candidates.end()) {
    return core::Fail(core::Errc::kInvalid, event.GetTypeName() + " does not travel on this topic", "EVENT_TOPIC");
  }
  TILTS_ASSIGN(std::string key, catalogue.KeyOf(event));
  TILTS_ASSIGN(const v1::Envelope envelope, Wrap(event, meta));
  TILTS_ASSIGN(const Draft one, Pack(envelope, **found, std::move(key)));
  std::vector<Draft> drafts(static_cast<std::size_t>((*found)->partitions), one);
  for (std::size_t i = 0; i < drafts.size(); ++i) drafts[i].partition = static_cast<std::int32_t>(i);
  return drafts;
}

}  // namespace tilts::events
