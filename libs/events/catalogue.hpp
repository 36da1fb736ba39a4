#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace tilts::codes::v1 {
enum Purpose : int;
}

namespace tilts::events {

struct Topic {
  std::string name;
  std::int32_t partitions = 0;
  std::uint32_t retention_days = 0;  // 0: for ever
  bool compacted = false;
  bool cloud_events_headers = false;
  bool sparse_sequences = false;  // a jump in an aggregate's sequence means nothing

  bool operator==(const Topic&) const = default;
};

// Every topic and event type of the contracts linked into the program, read from their proto options. There is no
// second list: topics, keys and types come from here.
class Catalogue {
 public:
  // Violations name each wrong option: unknown topic, key field that is not a string of the message, two topics
  // without a purpose to choose by, topic name twice, no partitions.
  static core::Result<Catalogue> FromLinkedContracts();
  // The contracts of this very program. Ends the process with the list of faults when they are wrong (a build error
  // that a unit test of this library shows first).
  static const Catalogue& BuiltIn();

  const std::vector<Topic>& topics() const { return topics_; }
  // Full message names ("tilts.cases.v1.CaseOpened"), sorted.
  std::vector<std::string> event_types() const;
  bool KnowsEvent(std::string_view type) const;
  const Topic* FindTopic(std::string_view name) const;

  // The topic an event of this type and purpose travels on. kInvalid: not an event, or the purpose does not choose.
  core::Result<const Topic*> TopicOf(std::string_view type, codes::v1::Purpose purpose) const;
  // Every topic the type may travel on.
  std::vector<const Topic*> TopicsOf(std::string_view type) const;
  // The record key of this event. kInvalid when the field is empty.
  core::Result<std::string> KeyOf(const google::protobuf::Message& event) const;

  // [{"name": …, "partitions": …, "retention_days": …, "compacted": …}], sorted by name: deploy/kafka/topics.json.
  std::string TopicsAsJson() const;

 private:
  struct EventType {
    const google::protobuf::Descriptor* descriptor = nullptr;
    std::vector<std::size_t> topics;  // indexes of topics_
    int key_field = 0;
  };

  std::vector<Topic> topics_;
  std::map<std::string, EventType, std::less<>> events_;
};

// The topic a consumer group's dead letters go to: one partition, never read by the group itself.
std::string DeadLetterTopic(std::string_view topic, std::string_view group);

}  // namespace tilts::events
