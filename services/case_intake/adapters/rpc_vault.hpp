#pragma once

#include "case_intake/adapters/vault.hpp"
#include "rpc/call.hpp"
#include "rpc/channel.hpp"

namespace tilts::case_intake {

// Asks the registry as this service itself, never in a caller's name.
class RpcVault final : public Vault {
 public:
  RpcVault(rpc::Channel& registry, rpc::Credentials& credentials) : registry_(registry), credentials_(credentials) {}

  core::Result<registry::v1::ResolvePersonsResponse> Resolve(const registry::v1::ResolvePersonsRequest& request,
                                                             const VaultCall& call) override;
  core::Result<registry::v1::DescribePersonsResponse> Describe(const registry::v1::DescribePersonsRequest& request,
                                                               const VaultCall& call) override;
  core::Result<std::vector<std::string>> Wrap(const core::PersonId& person, const std::vector<std::string>& keys,
                                              const VaultCall& call) override;
  core::Result<std::vector<std::string>> Unwrap(const core::PersonId& person, const std::vector<std::string>& wrapped,
                                                const VaultCall& call) override;

 private:
  core::Result<rpc::CallOptions> OptionsFor(const VaultCall& call) const;

  rpc::Channel& registry_;
  rpc::Credentials& credentials_;
};

}  // namespace tilts::case_intake
