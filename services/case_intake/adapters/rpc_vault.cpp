#include "case_intake/adapters/rpc_vault.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kRegistry[] = "registry";

core::Status CheckCount(int got, std::size_t asked) {
  if (static_cast<std::size_t>(got) == asked) return {};
  return core::Fail(core::Errc::kCorrupt, "the vault answered for another number of entries than it was asked for",
                    "VAULT_ANSWER");
}

}  // namespace

core::Result<rpc::CallOptions> RpcVault::OptionsFor(const VaultCall& call) const {
  rpc::CallOptions options;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return core::Fail(core::Errc::kTimeout, "no time is left to ask the vault", "VAULT_TIMEOUT");
  options.timeout = left;
  options.traceparent = call.traceparent;
  TILTS_ASSIGN(options.metadata, credentials_.For(kRegistry, nullptr, call.cause_id));
  return options;
}

core::Result<registry::v1::ResolvePersonsResponse> RpcVault::Resolve(const registry::v1::ResolvePersonsRequest& request,
                                                                     const VaultCall& call) {
  TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
  TILTS_ASSIGN(auto answer, registry_.Call<registry::v1::ResolvePersonsResponse>(
                                "tilts.registry.v1.VaultService/ResolvePersons", request, options));
  TILTS_CHECK(CheckCount(answer.people_size(), static_cast<std::size_t>(request.people_size())));
  return answer;
}

core::Result<registry::v1::DescribePersonsResponse> RpcVault::Describe(
    const registry::v1::DescribePersonsRequest& request, const VaultCall& call) {
  TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
  return registry_.Call<registry::v1::DescribePersonsResponse>("tilts.registry.v1.VaultService/DescribePersons",
                                                               request, options);
}

core::Result<std::vector<std::string>> RpcVault::Wrap(const core::PersonId& person,
                                                      const std::vector<std::string>& keys, const VaultCall& call) {
  TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
  registry::v1::WrapKeysRequest request;
  request.set_person_id(person.value());
  for (const std::string& key : keys) request.add_keys(key);
  TILTS_ASSIGN(const auto answer, registry_.Call<registry::v1::WrapKeysResponse>(
                                      "tilts.registry.v1.VaultService/WrapKeys", request, options));
  TILTS_CHECK(CheckCount(answer.wrapped_keys_size(), keys.size()));
  return std::vector<std::string>(answer.wrapped_keys().begin(), answer.wrapped_keys().end());
}

core::Result<std::vector<std::string>> RpcVault::Unwrap(const core::PersonId& person,
                                                        const std::vector<std::string>& wrapped,
                                                        const VaultCall& call) {
  TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
  registry::v1::UnwrapKeysRequest request;
  request.set_person_id(person.value());
  for (const std::string& key : wrapped) request.add_wrapped_keys(key);
  TILTS_ASSIGN(const auto answer, registry_.Call<registry::v1::UnwrapKeysResponse>(
                                      "tilts.registry.v1.VaultService/UnwrapKeys", request, options));
  TILTS_CHECK(CheckCount(answer.keys_size(), wrapped.size()));
  return std::vector<std::string>(answer.keys().begin(), answer.keys().end());
}

}  // namespace tilts::case_intake
