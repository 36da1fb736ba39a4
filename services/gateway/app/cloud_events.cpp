#include "gateway/app/cloud_events.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "wire/bytes.hpp"
#include "wire/json.hpp"
#include "wire/json_syntax.hpp"

namespace tilts::gateway {
namespace {

namespace pb = google::protobuf;
using nlohmann::json;

constexpr std::string_view kFacts = "facts[";
constexpr std::size_t kLongestEchoedId = 128;

// The field of Fact's oneof that a type names; null when it names none.
const pb::FieldDescriptor* KindOf(const std::string& type) {
  const pb::OneofDescriptor& kinds = *intake::v1::Fact::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds.field_count(); ++i) {
    if (kinds.field(i)->message_type()->full_name() == type) return kinds.field(i);
  }
  return nullptr;
}

bool MayBeEchoed(const std::string& id) {
  return id.size() <= kLongestEchoedId &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// Reads one event into a fact and collects what is wrong with it.
class EventReader {
 public:
  EventReader(const json& event, std::size_t place) : event_(event), path_("events[" + std::to_string(place) + "]") {}

  intake::v1::Fact Read() {
    intake::v1::Fact fact;
    if (!event_.is_object()) {
      Complain("", "NOT_AN_EVENT", "Send a CloudEvent: a JSON object");
      return fact;
    }
    if (Text("specversion") != "1.0") Complain(".specversion", "SPECVERSION", "Send CloudEvents 1.0");
    fact.set_event_id(Required("id"));
    Required("source");
    fact.set_pupil_number(Required("subject"));
    const std::string type = Required("type");
    if (event_.contains("datacontenttype") && !Text("datacontenttype").starts_with("application/json")) {
      Complain(".datacontenttype", "CONTENT_TYPE", "Send the data as application/json");
    }
    Revision(fact);
    Withdrawn(fact);
    if (!type.empty()) Data(type, fact);
    return fact;
  }

  std::vector<core::Violation> Take() { return std::move(violations_); }
  // The event's id as far as it may be repeated.
  std::string Echo() const {
    const std::string id = event_.is_object() ? Text("id") : std::string();
    return MayBeEchoed(id) ? id : std::string();
  }

 private:
  std::string Text(const char* name) const {
    const auto found = event_.find(name);
    return found != event_.end() && found->is_string() ? found->get<std::string>() : std::string();
  }

  std::string Required(const char* name) {
    std::string text = Text(name);
    if (text.empty()) Complain(std::string(".") + name, "REQUIRED", "Send this attribute as a text that is not empty");
    return text;
  }

  // Missing: the door for facts says so.
  void Revision(intake::v1::Fact& fact) {
    const auto found = event_.find("revision");
    if (found == event_.end()) return;
    const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
    std::uint32_t revision = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), revision);
    if (fault != std::errc() || end != text.data() + text.size()) {
      return Complain(".revision", "VALUE_INVALID", "Send a whole number");
    }
    fact.set_revision(revision);
  }

  void Withdrawn(intake::v1::Fact& fact) {
    const auto found = event_.find("withdrawn");
    if (found == event_.end()) return;
    const bool yes = *found == json(true) || *found == json("true");
    if (!yes && *found != json(false) && *found != json("false")) {
      return Complain(".withdrawn", "VALUE_INVALID", "Send true or false");
    }
    fact.set_withdrawn(yes);
  }

  void Data(const std::string& type, intake::v1::Fact& fact) {
    const pb::FieldDescriptor* kind = KindOf(type);
    if (kind == nullptr) return Complain(".type", "TYPE_UNKNOWN", "Send a type that /openapi.json lists");
    const auto data = event_.find("data");
    if (data == event_.end() || !data->is_object()) {
      return Complain(".data", "REQUIRED", "Send the data as a JSON object");
    }
    pb::Message& body = *fact.GetReflection()->MutableMessage(&fact, kind);
    const core::Status read = wire::FromJson(data->dump(), body);
    if (read) return;
    for (const core::Violation& one : read.error().violations) {
      Complain(one.field.empty() ? ".data" : ".data." + one.field, one.code, one.message);
    }
    if (read.error().violations.empty()) Complain(".data", "VALUE_INVALID", "Send the data as the type's message");
  }

  void Complain(const std::string& where, std::string code, std::string message) {
    violations_.push_back({path_ + where, std::move(code), std::move(message)});
  }

  const json& event_;
  const std::string path_;
  std::vector<core::Violation> violations_;
};

core::Error NoEvents(const char* code, const char* message) {
  core::Error error{core::Errc::kInvalid, "The body holds no CloudEvents.", "INVALID_ARGUMENT", {}, 0};
  error.violations.push_back({"events", code, message});
  return error;
}

core::Result<json> EventsIn(const HttpInput& input) {
  const std::string_view type = std::string_view(input.content_type).substr(0, input.content_type.find(';'));
  const bool batch = type == kCloudEventBatch;
  if (!batch && type != kCloudEvent) {
    return core::Fail(core::Errc::kInvalid, "Send application/cloudevents+json or application/cloudevents-batch+json.",
                      "CONTENT_TYPE");
  }
  if (!input.query.empty()) {
    core::Error error{core::Errc::kInvalid, "The path has no parameters.", "INVALID_ARGUMENT", {}, 0};
    error.violations.push_back({"query", "UNKNOWN_FIELD", "Remove it: the method has no such parameter."});
    return core::Fail(std::move(error));
  }
  TILTS_ASSIGN(json body, wire::ParseStrictJson(input.body));
  if (!batch) return json::array({std::move(body)});
  if (!body.is_array()) return core::Fail(NoEvents("NOT_A_BATCH", "Send a JSON array of CloudEvents"));
  if (body.empty()) return core::Fail(NoEvents("BATCH_EMPTY", "Send at least one"));
  return body;
}

// "facts[1].attendance.day" -> "events[2].data.day"; what does not name a fact is left as it is.
std::string EventPath(const EventBatch& batch, const std::string& field) {
  if (field == "facts") return "events";
  if (!field.starts_with(kFacts)) return field;
  std::size_t index = 0;
  const char* const end = field.data() + field.size();
  const auto [after, fault] = std::from_chars(field.data() + kFacts.size(), end, index);
  if (fault != std::errc() || after == end || *after != ']' || index >= batch.places.size()) return field;
  const std::string event = "events[" + std::to_string(batch.places[index]) + "]";
  const std::string rest(after + 1, end);
  if (rest.empty()) return event;
  if (rest == ".pupil_number") return event + ".subject";
  if (rest == ".event_id") return event + ".id";
  const std::size_t dot = rest.find('.', 1);
  if (dot == std::string::npos) return event + rest;  // revision, withdrawn
  return event + ".data" + rest.substr(dot);
}

}  // namespace

core::Result<EventBatch> ReadEvents(const HttpInput& input) {
  TILTS_ASSIGN(const json events, EventsIn(input));
  EventBatch batch;
  batch.results.resize(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EventReader reader(events[i], i);
    intake::v1::Fact fact = reader.Read();
    const std::vector<core::Violation> violations = reader.Take();
    if (violations.empty()) {
      *batch.facts.add_facts() = std::move(fact);
      batch.places.push_back(i);
      continue;
    }
    batch.results[i].set_event_id(reader.Echo());
    batch.results[i].set_status(intake::v1::FACT_STATUS_REFUSED);
    for (const core::Violation& one : violations) {
      errors::v1::Violation& added = *batch.results[i].add_violations();
      added.set_field(one.field);
      added.set_code(one.code);
      added.set_message(one.message);
    }
  }
  return batch;
}

core::Result<HttpOutput> AnswerEvents(EventBatch batch, const std::string& bytes) {
  intake::v1::PushFactsResponse answer;
  if (!bytes.empty()) TILTS_CHECK(wire::Parse(bytes, answer));
  if (answer.results_size() != static_cast<int>(batch.places.size())) {
    return core::Fail(core::Errc::kCorrupt, "the answer is about another number of facts", "FACTS_ANSWER");
  }
  for (std::size_t i = 0; i < batch.places.size(); ++i) {
    intake::v1::FactResult& result = *answer.mutable_results(static_cast<int>(i));
    for (auto& one : *result.mutable_violations()) one.set_field(EventPath(batch, one.field()));
    for (auto& one : *result.mutable_warnings()) one.set_field(EventPath(batch, one.field()));
    batch.results[batch.places[i]] = std::move(result);
  }
  answer.set_refused(answer.refused() + static_cast<std::uint32_t>(batch.results.size() - batch.places.size()));
  answer.clear_results();
  for (intake::v1::FactResult& result : batch.results) *answer.add_results() = std::move(result);
  HttpOutput output;
  TILTS_ASSIGN(output.json, wire::ToJson(answer));
  return output;
}

core::Error InEventPaths(const EventBatch& batch, core::Error error) {
  for (core::Violation& one : error.violations) one.field = EventPath(batch, one.field);
  return error;
}

}  // namespace tilts::gateway
