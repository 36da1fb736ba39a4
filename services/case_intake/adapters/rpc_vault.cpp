#include "case_intake/adapters/rpc_vault.hpp"

#include <algorithm>

namespace tilts::case_intake {
namespace {

constexpr char kRegistry[] = "registry";
// What the vault takes in one call.
constexpr int kMostAtOnce = 200;

core::Status CheckCount(std::size_t got, std::size_t asked) {
  if (got == asked) return {};
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
  TILTS_CHECK(
      CheckCount(static_cast<std::size_t>(answer.people_size()), static_cast<std::size_t>(request.people_size())));
  return answer;
}

core::Result<registry::v1::DescribePersonsResponse> RpcVault::Describe(
    const registry::v1::DescribePersonsRequest& request, const VaultCall& call) {
  registry::v1::DescribePersonsResponse all;
  for (int from = 0; from < request.person_ids_size(); from += kMostAtOnce) {
    TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
    registry::v1::DescribePersonsRequest part;
    part.set_on_behalf_of_institution_id(request.on_behalf_of_institution_id());
    for (int i = from; i < std::min(from + kMostAtOnce, request.person_ids_size()); ++i) {
      part.add_person_ids(request.person_ids(i));
    }
    TILTS_ASSIGN(const auto answer, registry_.Call<registry::v1::DescribePersonsResponse>(
                                        "tilts.registry.v1.VaultService/DescribePersons", part, options));
    all.MergeFrom(answer);
  }
  return all;
}

core::Result<std::vector<std::string>> RpcVault::Wrap(const core::PersonId& person,
                                                      const std::vector<std::string>& keys, const VaultCall& call) {
  std::vector<std::string> wrapped;
  for (std::size_t from = 0; from < keys.size(); from += kMostAtOnce) {
    TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
    registry::v1::WrapKeysRequest request;
    request.set_person_id(person.value());
    for (std::size_t i = from; i < std::min(from + kMostAtOnce, keys.size()); ++i) request.add_keys(keys[i]);
    TILTS_ASSIGN(const auto answer, registry_.Call<registry::v1::WrapKeysResponse>(
                                        "tilts.registry.v1.VaultService/WrapKeys", request, options));
    wrapped.insert(wrapped.end(), answer.wrapped_keys().begin(), answer.wrapped_keys().end());
  }
  TILTS_CHECK(CheckCount(wrapped.size(), keys.size()));
  return wrapped;
}

core::Result<std::vector<std::string>> RpcVault::Unwrap(const core::PersonId& person,
                                                        const std::vector<std::string>& wrapped,
                                                        const VaultCall& call) {
  std::vector<std::string> keys;
  for (std::size_t from = 0; from < wrapped.size(); from += kMostAtOnce) {
    TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
    registry::v1::UnwrapKeysRequest request;
    request.set_person_id(person.value());
    for (std::size_t i = from; i < std::min(from + kMostAtOnce, wrapped.size()); ++i) {
      request.add_wrapped_keys(wrapped[i]);
    }
    TILTS_ASSIGN(const auto answer, registry_.Call<registry::v1::UnwrapKeysResponse>(
                                        "tilts.registry.v1.VaultService/UnwrapKeys", request, options));
    keys.insert(keys.end(), answer.keys().begin(), answer.keys().end());
  }
  TILTS_CHECK(CheckCount(keys.size(), wrapped.size()));
  return keys;
}

}  // namespace tilts::case_intake
