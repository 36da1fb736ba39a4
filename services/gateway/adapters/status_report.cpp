#include "gateway/adapters/status_report.hpp"

#include <tilts/operations/v1/operations_service.pb.h>

#include <future>
#include <nlohmann/json.hpp>

#include "wire/bytes.hpp"
#include "wire/json.hpp"
#include "wire/projection.hpp"

namespace tilts::gateway {
namespace {

using nlohmann::ordered_json;
using operations::v1::GetStatusResponse;

constexpr char kGetStatus[] = "tilts.operations.v1.OperationsService/GetStatus";

core::Result<GetStatusResponse> Ask(Upstream& upstream, const std::string& service, const CallLabels& labels,
                                    std::chrono::milliseconds limit) {
  TILTS_ASSIGN(const std::string bytes, upstream.CallAsSelf(service, kGetStatus, {}, labels, limit));
  GetStatusResponse status;
  TILTS_CHECK(wire::Parse(bytes, status));
  return status;
}

}  // namespace

core::Result<std::string> StatusReport(Upstream& upstream, const CallLabels& labels, std::chrono::milliseconds limit) {
  std::vector<std::pair<std::string, std::future<core::Result<GetStatusResponse>>>> asked;
  for (const std::string& name : upstream.services()) {
    asked.emplace_back(name, std::async(std::launch::async, [&upstream, &labels, name, limit] {
                         return Ask(upstream, name, labels, limit);
                       }));
  }
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find("OPERATOR"));
  bool ready = true;
  bool at_rest = true;
  ordered_json services = ordered_json::array();
  for (auto& [name, answer] : asked) {
    auto status = answer.get();
    if (!status) {
      ready = at_rest = false;
      services.push_back({{"service", name}, {"reachable", false}, {"problem", core::ToString(status.error().code)}});
      continue;
    }
    ready = ready && status->ready();
    at_rest = at_rest && status->at_rest();
    wire::Project(*status, view);
    TILTS_ASSIGN(const std::string json, wire::ToJson(*status, wire::JsonStyle::kEveryPrimitive));
    ordered_json entry = ordered_json::parse(json, nullptr, false);
    entry["reachable"] = true;
    services.push_back(std::move(entry));
  }
  const ordered_json report = {{"ready", ready}, {"at_rest", at_rest}, {"services", std::move(services)}};
  return report.dump();
}

}  // namespace tilts::gateway
