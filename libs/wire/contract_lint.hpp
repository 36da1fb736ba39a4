#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class FileDescriptor;
}

namespace tilts::wire {

struct ContractFault {
  std::string where;  // full name of the field, method or message
  std::string rule;   // FIELD_CLASS, METHOD_ACCESS, EVENT_TOPIC, EVENT_KEY, EVENT_CLASS …
  std::string message;

  bool operator==(const ContractFault&) const = default;
};

// Every contract file linked into the program whose package starts with "tilts.".
std::vector<const google::protobuf::FileDescriptor*> LinkedContracts();

// The rules that keep the contracts data: every scalar field (and every well-known type) of tilts.*
// has a data class; every method has an access option with an audit duty; every event has a topic
// of tilts.events.v1.Topic and a key field of class ROUTING or PUBLIC; nothing an event can reach is
// PERSON, REPORTER, CREDENTIAL or NOTE, except fields that are named *note_id(s).
std::vector<ContractFault> LintContracts(const std::vector<const google::protobuf::FileDescriptor*>& files);

}  // namespace tilts::wire
