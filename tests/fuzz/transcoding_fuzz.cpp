// A whole HTTP request, as lines: "METHOD target", Idempotency-Key, If-Match, then the body.
#include <google/protobuf/message.h>

#include "gateway/adapters/http_convert.hpp"
#include "gateway/app/transcoding.hpp"
#include "require.hpp"
#include "wire/bytes.hpp"
#include "wire/contract_lint.hpp"
#include "wire/json.hpp"

namespace tilts::gateway {
namespace {

using fuzz::Require;

const RouteTable& Routes() {
  static const RouteTable table = RouteTable::Build(wire::LinkedContracts()).value();
  return table;
}

void RequireSame(const google::protobuf::Message& a, const google::protobuf::Message& b, const char* property) {
  Require(a.SerializeAsString() == b.SerializeAsString(), property);
}

// What goes on to a service survives both of its forms.
void RequireSound(const google::protobuf::Message& request) {
  const core::Result<std::string> bytes = wire::Serialize(request);
  Require(bytes.has_value(), "a request that was accepted can be sent");
  const std::unique_ptr<google::protobuf::Message> again(request.New());
  Require(bytes->empty() || wire::Parse(*bytes, *again), "and be read by its service");
  RequireSame(request, *again, "as it was");
  const core::Result<std::string> json = wire::ToJson(request);
  Require(json.has_value(), "it has a JSON form");
  Require(wire::FromJson(*json, *again).has_value(), "which is acceptable again");
  RequireSame(request, *again, "and means the same");
}

// A callee's bytes are believed as little.
void RequireAnswer(const Route& route, const std::string& bytes) {
  const core::Result<HttpOutput> output = BuildResponse(route, bytes);
  if (!output) return fuzz::RequireTold(output.error());
  const std::unique_ptr<google::protobuf::Message> read(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(route.method->output_type())->New());
  Require(wire::FromJson(output->json, *read).has_value(), "an answer is the contract's JSON");
}

}  // namespace
}  // namespace tilts::gateway

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  std::string_view rest = fuzz::Input(data, size);
  std::string_view target = fuzz::TakeLine(rest);
  const std::string method(target.substr(0, target.find(' ')));
  target.remove_prefix(std::min(target.size(), method.size() + 1));
  http::Request request;
  if (auto parsed = http::ParseTarget(target, request); !parsed) {
    fuzz::RequireTold(parsed.error());
    return 0;
  }
  request.headers.Add("Content-Type", "application/json");
  request.headers.Add("Idempotency-Key", std::string(fuzz::TakeLine(rest)));
  request.headers.Add("If-Match", std::string(fuzz::TakeLine(rest)));
  request.body = rest;
  const core::Result<gateway::RequestPath> path = gateway::ToRequestPath(request.path);
  if (!path) {
    fuzz::RequireTold(path.error());
    return 0;
  }
  const gateway::RouteAnswer found = gateway::Routes().Find(method, *path);
  const auto* match = std::get_if<gateway::RouteMatch>(&found);
  if (match == nullptr || match->route->cloud_events) return 0;
  const auto built = gateway::BuildRequest(*match->route, match->variables, gateway::ToInput(request));
  if (built) {
    gateway::RequireSound(**built);
  } else {
    fuzz::Require(built.error().code == core::Errc::kInvalid, "what cannot be read is the sender's fault");
    fuzz::RequireTold(built.error());
  }
  gateway::RequireAnswer(*match->route, request.body);
  return 0;
}
