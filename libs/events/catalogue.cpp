#include "events/catalogue.hpp"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <tilts/codes/v1/codes.pb.h>
#include <tilts/events/v1/envelope.pb.h>
#include <tilts/options/v1/options.pb.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "wire/contract_lint.hpp"

namespace tilts::events {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

void Complain(std::vector<core::Violation>& faults, std::string_view where, const char* code, const char* message) {
  faults.push_back({std::string(where), code, message});
}

// Topic enum value name -> index into the topic list.
std::map<std::string, std::size_t, std::less<>> ReadTopics(std::vector<Topic>& topics,
                                                           std::vector<core::Violation>& faults) {
  std::map<std::string, std::size_t, std::less<>> by_value;
  std::set<std::string> names;
  const auto* values = v1::Topic_descriptor();
  for (int i = 0; i < values->value_count(); ++i) {
    const auto* value = values->value(i);
    if (value->number() == 0) continue;
    const options::v1::TopicOptions& option = value->options().GetExtension(options::v1::topic);
    if (option.name().empty()) Complain(faults, value->full_name(), "TOPIC_NAME", "give the topic a name");
    if (option.partitions() == 0) Complain(faults, value->full_name(), "TOPIC_PARTITIONS", "give it partitions");
    if (!names.insert(option.name()).second) {
      Complain(faults, value->full_name(), "TOPIC_TWICE", "another topic has this name");
    }
    by_value.emplace(value->name(), topics.size());
    topics.push_back({option.name(), static_cast<std::int32_t>(option.partitions()), option.retention_days(),
                      option.compacted(), option.cloud_events_headers(), option.sparse_sequences()});
  }
  return by_value;
}

void CollectMessages(const Descriptor* message, std::vector<const Descriptor*>& all) {
  all.push_back(message);
  for (int i = 0; i < message->nested_type_count(); ++i) CollectMessages(message->nested_type(i), all);
}

std::vector<const Descriptor*> EventMessages() {
  std::vector<const Descriptor*> all;
  for (const auto* file : wire::LinkedContracts()) {
    for (int i = 0; i < file->message_type_count(); ++i) CollectMessages(file->message_type(i), all);
  }
  std::erase_if(all, [](const Descriptor* message) { return !message->options().HasExtension(options::v1::event); });
  return all;
}

// "PMP" of tilts.cases.pmp.v1: the purpose that a topic serves, if several share an event.
bool Serves(const Topic& topic, codes::v1::Purpose purpose) {
  switch (purpose) {
    case codes::v1::PURPOSE_PMP: return topic.name.find(".pmp.") != std::string::npos;
    case codes::v1::PURPOSE_PROTECTION: return topic.name.find(".protection.") != std::string::npos;
    default: return false;
  }
}

bool PurposeChooses(const std::vector<Topic>& topics, const std::vector<std::size_t>& candidates) {
  for (const auto purpose : {codes::v1::PURPOSE_PMP, codes::v1::PURPOSE_PROTECTION}) {
    const auto serving = std::count_if(candidates.begin(), candidates.end(),
                                       [&](std::size_t index) { return Serves(topics[index], purpose); });
    if (serving > 1) return false;
  }
  return std::all_of(candidates.begin(), candidates.end(), [&](std::size_t index) {
    return Serves(topics[index], codes::v1::PURPOSE_PMP) || Serves(topics[index], codes::v1::PURPOSE_PROTECTION);
  });
}

}  // namespace

core::Result<Catalogue> Catalogue::FromLinkedContracts() {
  Catalogue catalogue;
  std::vector<core::Violation> faults;
  const auto by_value = ReadTopics(catalogue.topics_, faults);
  for (const Descriptor* message : EventMessages()) {
    const options::v1::EventOptions& option = message->options().GetExtension(options::v1::event);
    EventType type{message, {}, 0};
    for (const std::string& value : option.topics()) {
      const auto found = by_value.find(value);
      if (found == by_value.end()) {
        Complain(faults, message->full_name(), "EVENT_TOPIC", "topics must be values of tilts.events.v1.Topic");
      } else {
        type.topics.push_back(found->second);
      }
    }
    if (option.topics().empty()) Complain(faults, message->full_name(), "EVENT_TOPIC", "name at least one topic");
    if (type.topics.size() > 1 && !PurposeChooses(catalogue.topics_, type.topics)) {
      Complain(faults, message->full_name(), "EVENT_PURPOSE", "the purpose must choose one of the topics");
    }
    const FieldDescriptor* key = message->FindFieldByName(option.key_field());
    if (key == nullptr || key->cpp_type() != FieldDescriptor::CPPTYPE_STRING || key->is_repeated()) {
      Complain(faults, message->full_name(), "EVENT_KEY", "key_field must be a string of the message");
    } else {
      type.key_field = key->number();
    }
    catalogue.events_.emplace(message->full_name(), std::move(type));
  }
  if (!faults.empty()) {
    core::Error error{core::Errc::kInvalid, "correct the event options of the contracts", "CONTRACT", faults, 0};
    return core::Fail(std::move(error));
  }
  return catalogue;
}

const Catalogue& Catalogue::BuiltIn() {
  static const Catalogue catalogue = [] {
    auto read = FromLinkedContracts();
    if (read) return std::move(*read);
    for (const auto& fault : read.error().violations) {
      std::fprintf(stderr, "contract fault %s: %s\n", fault.field.c_str(), fault.message.c_str());
    }
    std::abort();
  }();
  return catalogue;
}

std::vector<std::string> Catalogue::event_types() const {
  std::vector<std::string> types;
  for (const auto& [name, type] : events_) types.push_back(name);
  return types;
}

bool Catalogue::KnowsEvent(std::string_view type) const {
  return events_.find(type) != events_.end();
}

const Topic* Catalogue::FindTopic(std::string_view name) const {
  const auto found =
      std::find_if(topics_.begin(), topics_.end(), [&](const Topic& topic) { return topic.name == name; });
  return found == topics_.end() ? nullptr : &*found;
}

core::Result<const Topic*> Catalogue::TopicOf(std::string_view type, codes::v1::Purpose purpose) const {
  const auto found = events_.find(type);
  if (found == events_.end()) {
    return core::Fail(core::Errc::kInvalid, std::string(type) + " is not an event of the contracts",
                      "EVENT_TYPE_UNKNOWN");
  }
  const auto& candidates = found->second.topics;
  if (candidates.size() == 1) return &topics_[candidates.front()];
  for (const std::size_t index : candidates) {
    if (Serves(topics_[index], purpose)) return &topics_[index];
  }
  return core::Fail(core::Errc::kInvalid, "set the purpose of " + std::string(type) + ": it chooses the topic",
                    "EVENT_PURPOSE");
}

std::vector<const Topic*> Catalogue::TopicsOf(std::string_view type) const {
  std::vector<const Topic*> found;
  if (const auto event = events_.find(type); event != events_.end()) {
    for (const std::size_t index : event->second.topics) found.push_back(&topics_[index]);
  }
  return found;
}

core::Result<std::string> Catalogue::KeyOf(const google::protobuf::Message& event) const {
  const auto found = events_.find(event.GetDescriptor()->full_name());
  if (found == events_.end()) {
    return core::Fail(core::Errc::kInvalid, absl::StrCat(event.GetTypeName(), " is not an event of the contracts"),
                      "EVENT_TYPE_UNKNOWN");
  }
  const auto* field = found->second.descriptor->FindFieldByNumber(found->second.key_field);
  std::string key = event.GetReflection()->GetString(event, field);
  if (key.empty()) {
    return core::Fail(core::Errc::kInvalid, absl::StrCat("set ", field->full_name(), ": it is the record key"),
                      "EVENT_KEY");
  }
  return key;
}

std::string Catalogue::TopicsAsJson() const {
  std::vector<Topic> sorted = topics_;
  std::sort(sorted.begin(), sorted.end(), [](const Topic& a, const Topic& b) { return a.name < b.name; });
  return absl::StrCat("[\n",
                      absl::StrJoin(sorted, ",\n",
                                    [](std::string* out, const Topic& topic) {
                                      absl::StrAppend(out, "  {\"name\": \"", topic.name,
                                                      "\", \"partitions\": ", topic.partitions,
                                                      ", \"retention_days\": ", topic.retention_days,
                                                      ", \"compacted\": ", topic.compacted ? "true" : "false", "}");
                                    }),
                      "\n]\n");
}

std::string DeadLetterTopic(std::string_view topic, std::string_view group) {
  return std::string(topic) + ".dlq." + std::string(group);
}

}  // namespace tilts::events
