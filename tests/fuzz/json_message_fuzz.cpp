// Strict JSON into a contract's message, against Protobuf's own reader. The first line picks the message.
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <tilts/config/v1/config.pb.h>
#include <tilts/intake/v1/fact_service.pb.h>
#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>
#include <tilts/risk/v1/card.pb.h>

#include <array>

#include "require.hpp"
#include "wire/bytes.hpp"
#include "wire/json.hpp"

namespace tilts {
namespace {

using fuzz::Require;
using google::protobuf::Message;

constexpr std::size_t kMostViolations = 50;

const Message& Prototype(std::string_view name) {
  static const std::array<const Message*, 4> kTypes = {
      &intake::v1::ReportConcernRequest::default_instance(), &intake::v1::PushFactsRequest::default_instance(),
      &risk::v1::Card::default_instance(), &config::v1::ServiceConfig::default_instance()};
  for (const Message* type : kTypes) {
    if (type->GetDescriptor()->name() == name) return *type;
  }
  return *kTypes[0];
}

bool Same(const Message& a, const Message& b) {
  // Maps have no order, so the bytes are made in one.
  const auto bytes = [](const Message& message) {
    std::string text;
    google::protobuf::io::StringOutputStream stream(&text);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&out);
    out.Trim();
    return text;
  };
  return bytes(a) == bytes(b);
}

void RequireAgreed(std::string_view json, const Message& read) {
  const std::unique_ptr<Message> peer(read.New());
  const auto status = google::protobuf::util::JsonStringToMessage({json.data(), json.size()}, peer.get());
  Require(status.ok(), "what is accepted here Protobuf accepts");
  Require(Same(read, *peer), "and reads the same");
  Require(wire::CheckUtf8(read).has_value(), "no text is broken");
  const core::Result<std::string> written = wire::ToJson(read);
  Require(written.has_value(), "it can be written");
  Require(wire::FromJson(*written, *peer).has_value(), "what was written can be read");
  Require(Same(read, *peer), "and means the same");
}

}  // namespace
}  // namespace tilts

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  std::string_view json = fuzz::Input(data, size);
  const std::unique_ptr<Message> message(Prototype(fuzz::TakeLine(json)).New());
  const core::Status read = wire::FromJson(json, *message);
  if (read) {
    RequireAgreed(json, *message);
    return 0;
  }
  fuzz::RequireTold(read.error());
  Require(!read.error().violations.empty() && read.error().violations.size() <= kMostViolations,
          "a refusal lists its faults, not more than fit a screen");
  Require(message->ByteSizeLong() == 0, "a refused message is untouched");
  return 0;
}
