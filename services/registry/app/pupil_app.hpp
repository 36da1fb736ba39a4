#pragma once

#include <tilts/registry/v1/pupil_service.pb.h>

#include "core/result.hpp"
#include "registry/app/vault_store.hpp"
#include "rpc/call.hpp"

namespace tilts::registry {

// PupilService: who is behind a school's pupil numbers, and the ids under which support is counted.
class PupilApp {
 public:
  explicit PupilApp(VaultStore& store) : store_(store) {}

  core::Result<v1::LookUpPupilNumbersResponse> LookUpPupilNumbers(const rpc::CallContext& call,
                                                                  const v1::LookUpPupilNumbersRequest& request);
  core::Result<v1::DestroyStatisticsKeyResponse> DestroyStatisticsKey(const rpc::CallContext& call,
                                                                      const v1::DestroyStatisticsKeyRequest& request);

 private:
  VaultStore& store_;
};

}  // namespace tilts::registry
