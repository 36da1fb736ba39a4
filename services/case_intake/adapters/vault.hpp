#pragma once

#include <tilts/registry/v1/vault_service.pb.h>

#include <chrono>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/strong_id.hpp"

namespace tilts::case_intake {

// For what and until when the vault is asked.
struct VaultCall {
  std::string cause_id;  // the call, report or event that led to it
  std::string traceparent;
  std::chrono::steady_clock::time_point deadline;
};

// The vault of persons (registry), as this service needs it. Thread-safe.
class Vault {
 public:
  virtual ~Vault() = default;

  // One answer a person, in order.
  virtual core::Result<registry::v1::ResolvePersonsResponse> Resolve(const registry::v1::ResolvePersonsRequest& request,
                                                                     const VaultCall& call) = 0;
  virtual core::Result<registry::v1::DescribePersonsResponse> Describe(
      const registry::v1::DescribePersonsRequest& request, const VaultCall& call) = 0;
  virtual core::Result<std::vector<std::string>> Wrap(const core::PersonId& person,
                                                      const std::vector<std::string>& keys, const VaultCall& call) = 0;
  // kNotFound with reason PERSON_ERASED: what they opened is gone for good.
  virtual core::Result<std::vector<std::string>> Unwrap(const core::PersonId& person,
                                                        const std::vector<std::string>& wrapped,
                                                        const VaultCall& call) = 0;

  static constexpr char kPersonErased[] = "PERSON_ERASED";
};

}  // namespace tilts::case_intake
