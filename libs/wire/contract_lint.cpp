#include "wire/contract_lint.hpp"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>
#include <tilts/options/v1/options.pb.h>

#include <set>

#include "wire/data_class.hpp"

namespace tilts::wire {
namespace {

namespace pb = google::protobuf;
using options::v1::DataClass;

constexpr char kEnvelope[] = "tilts.events.v1.Envelope";

class Linter {
 public:
  explicit Linter(const std::vector<const pb::FileDescriptor*>& files) {
    for (const pb::FileDescriptor* file : files) CollectTopics(*file);
    for (const pb::FileDescriptor* file : files) {
      for (int i = 0; i < file->message_type_count(); ++i) LintMessage(*file->message_type(i));
      for (int i = 0; i < file->service_count(); ++i) LintService(*file->service(i));
    }
  }

  std::vector<ContractFault> faults;

 private:
  void Complain(const std::string& where, std::string rule, std::string message) {
    faults.push_back({where, std::move(rule), std::move(message)});
  }

  void CollectTopics(const pb::FileDescriptor& file) {
    for (int i = 0; i < file.enum_type_count(); ++i) {
      for (int j = 0; j < file.enum_type(i)->value_count(); ++j) {
        const auto& value_options = file.enum_type(i)->value(j)->options();
        if (value_options.HasExtension(options::v1::topic)) {
          topics_.insert(file.enum_type(i)->value(j)->name());
        }
      }
    }
  }

  void LintMessage(const pb::Descriptor& message) {
    if (message.options().map_entry()) return;
    for (int i = 0; i < message.field_count(); ++i) {
      const pb::FieldDescriptor& field = *message.field(i);
      if (DataClassOf(field) == 0 && !HasOwnClasses(field)) {
        Complain(field.full_name(), "FIELD_CLASS", "say what it reveals: [(tilts.options.v1.data_class) = …]");
      }
    }
    for (int i = 0; i < message.nested_type_count(); ++i) LintMessage(*message.nested_type(i));
    if (message.options().HasExtension(options::v1::event)) LintEvent(message);
    if (message.full_name() == kEnvelope) LintOnTheLog(message, message);
  }

  void LintService(const pb::ServiceDescriptor& service) {
    for (int i = 0; i < service.method_count(); ++i) {
      const pb::MethodDescriptor& method = *service.method(i);
      if (!method.options().HasExtension(options::v1::access)) {
        Complain(method.full_name(), "METHOD_ACCESS", "say who may call it: option (tilts.options.v1.access) = {…}");
        continue;
      }
      const options::v1::Access& access = method.options().GetExtension(options::v1::access);
      if (access.audit() == options::v1::AUDIT_DUTY_UNSPECIFIED) {
        Complain(method.full_name(), "METHOD_AUDIT", "say what it leaves in the audit log: audit: AUDIT_DUTY_…");
      }
      if (access.operation().empty() && access.services().empty()) {
        Complain(method.full_name(), "METHOD_ACCESS", "name an operation or the services that may call it");
      }
    }
  }

  void LintEvent(const pb::Descriptor& event) {
    const options::v1::EventOptions& event_options = event.options().GetExtension(options::v1::event);
    if (event_options.topics().empty()) Complain(event.full_name(), "EVENT_TOPIC", "name its topic");
    for (const std::string& topic : event_options.topics()) {
      if (!topics_.contains(topic))
        Complain(event.full_name(), "EVENT_TOPIC", absl::StrCat("no topic is named ", topic));
    }
    const pb::FieldDescriptor* key = event.FindFieldByName(event_options.key_field());
    if (key == nullptr || key->is_repeated() || key->type() != pb::FieldDescriptor::TYPE_STRING) {
      Complain(event.full_name(), "EVENT_KEY", "key_field must be a string field of the event");
    } else if (const int key_class = DataClassOf(*key);
               key_class != DataClass::DATA_CLASS_ROUTING && key_class != DataClass::DATA_CLASS_PUBLIC) {
      Complain(key->full_name(), "EVENT_KEY", "a record key must be of class ROUTING or PUBLIC");
    }
    LintOnTheLog(event, event);
  }

  // The log holds codes and random ids only: nobody can erase a record.
  void LintOnTheLog(const pb::Descriptor& message, const pb::Descriptor& event) {
    if (!on_the_log_.insert(&message).second) return;
    for (int i = 0; i < message.field_count(); ++i) {
      const pb::FieldDescriptor& field = *message.field(i);
      const int data_class = DataClassOf(field);
      const bool note_id = absl::EndsWith(field.name(), "note_id") || absl::EndsWith(field.name(), "note_ids");
      if (data_class == DataClass::DATA_CLASS_PERSON || data_class == DataClass::DATA_CLASS_REPORTER ||
          data_class == DataClass::DATA_CLASS_CREDENTIAL || (data_class == DataClass::DATA_CLASS_NOTE && !note_id)) {
        Complain(field.full_name(), "EVENT_CLASS",
                 absl::StrCat("reaches the log through ", event.full_name(), ": send a random id instead"));
      }
      const pb::FieldDescriptor* inside = field.is_map() ? field.message_type()->map_value() : &field;
      if (HasOwnClasses(*inside)) LintOnTheLog(*inside->message_type(), event);
    }
  }

  std::set<std::string> topics_;
  std::set<const pb::Descriptor*> on_the_log_;
};

}  // namespace

std::vector<const pb::FileDescriptor*> LinkedContracts() {
  std::vector<std::string> names;
  pb::DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  std::vector<const pb::FileDescriptor*> files;
  for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
    const pb::FileDescriptor* file = pb::DescriptorPool::generated_pool()->FindFileByName(name);
    if (file != nullptr && IsTiltsContract(*file)) files.push_back(file);
  }
  return files;
}

std::vector<ContractFault> LintContracts(const std::vector<const pb::FileDescriptor*>& files) {
  return Linter(files).faults;
}

}  // namespace tilts::wire
