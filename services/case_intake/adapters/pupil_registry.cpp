#include "case_intake/adapters/pupil_registry.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kRegistry[] = "registry";

}  // namespace

core::Result<registry::v1::LookUpPupilNumbersResponse> RpcPupilRegistry::LookUp(
    const registry::v1::LookUpPupilNumbersRequest& request, const VaultCall& call) {
  rpc::CallOptions options;
  options.timeout =
      std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline - std::chrono::steady_clock::now());
  if (options.timeout.count() <= 0) {
    return core::Fail(core::Errc::kTimeout, "no time is left to ask for pupil numbers", "VAULT_TIMEOUT");
  }
  options.traceparent = call.traceparent;
  TILTS_ASSIGN(options.metadata, credentials_.For(kRegistry, nullptr, call.cause_id));
  return registry_.Call<registry::v1::LookUpPupilNumbersResponse>("tilts.registry.v1.PupilService/LookUpPupilNumbers",
                                                                  request, options);
}

}  // namespace tilts::case_intake
