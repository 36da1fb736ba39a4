#pragma once

#include <tilts/registry/v1/vault_service.pb.h>

#include <functional>

#include "core/result.hpp"
#include "registry/app/vault_store.hpp"
#include "rpc/call.hpp"

namespace tilts::registry {

// VaultService: finding, describing, linking and erasing persons, and keys under the person's key.
class VaultApp {
 public:
  // While `erasures_known` says no (empty: always yes), nothing is read that may belong to an erased person:
  // kUnavailable ERASURES_UNREAD.
  explicit VaultApp(VaultStore& store, std::function<bool()> erasures_known = {})
      : store_(store), erasures_known_(std::move(erasures_known)) {}

  core::Result<v1::ResolvePersonsResponse> ResolvePersons(const rpc::CallContext& call,
                                                          const v1::ResolvePersonsRequest& request);
  core::Result<v1::DescribePersonsResponse> DescribePersons(const rpc::CallContext& call,
                                                            const v1::DescribePersonsRequest& request);
  core::Result<v1::LinkPersonsResponse> LinkPersons(const rpc::CallContext& call,
                                                    const v1::LinkPersonsRequest& request);
  core::Result<v1::ErasePersonResponse> ErasePerson(const rpc::CallContext& call,
                                                    const v1::ErasePersonRequest& request);
  core::Result<v1::WrapKeysResponse> WrapKeys(const v1::WrapKeysRequest& request);
  core::Result<v1::UnwrapKeysResponse> UnwrapKeys(const v1::UnwrapKeysRequest& request);

 private:
  core::Status CheckErasuresKnown() const;

  VaultStore& store_;
  const std::function<bool()> erasures_known_;
};

}  // namespace tilts::registry
