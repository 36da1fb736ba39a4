#pragma once

#include <tilts/registry/v1/pupil_service.pb.h>

#include "case_intake/adapters/vault.hpp"
#include "core/result.hpp"
#include "rpc/call.hpp"
#include "rpc/channel.hpp"

namespace tilts::case_intake {

// The vault's knowledge of pupil numbers, as this service needs it. Thread-safe.
class PupilRegistry {
 public:
  virtual ~PupilRegistry() = default;
  // One entry a number, in order.
  virtual core::Result<registry::v1::LookUpPupilNumbersResponse> LookUp(
      const registry::v1::LookUpPupilNumbersRequest& request, const VaultCall& call) = 0;
};

// Asks the registry as this service itself.
class RpcPupilRegistry final : public PupilRegistry {
 public:
  RpcPupilRegistry(rpc::Channel& registry, rpc::Credentials& credentials)
      : registry_(registry), credentials_(credentials) {}

  core::Result<registry::v1::LookUpPupilNumbersResponse> LookUp(const registry::v1::LookUpPupilNumbersRequest& request,
                                                                const VaultCall& call) override;

 private:
  rpc::Channel& registry_;
  rpc::Credentials& credentials_;
};

}  // namespace tilts::case_intake
