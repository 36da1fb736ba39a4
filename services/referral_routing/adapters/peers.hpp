#pragma once

#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include "core/result.hpp"
#include "referral_routing/app/vault.hpp"
#include "rpc/channel.hpp"

namespace tilts::referral_routing {

// A neighbour asked as this service itself, never in a caller's name.
class Peer {
 public:
  Peer(std::string name, rpc::Channel& channel, rpc::Credentials& credentials)
      : name_(std::move(name)), channel_(channel), credentials_(credentials) {}

  template <typename Response>
  core::Result<Response> Ask(std::string_view method, const google::protobuf::Message& request, const PeerCall& call) {
    TILTS_ASSIGN(const rpc::CallOptions options, OptionsFor(call));
    return channel_.Call<Response>(method, request, options);
  }

 private:
  core::Result<rpc::CallOptions> OptionsFor(const PeerCall& call) const;

  const std::string name_;
  rpc::Channel& channel_;
  rpc::Credentials& credentials_;
};

class RpcVault final : public Vault {
 public:
  explicit RpcVault(Peer& registry) : registry_(registry) {}
  core::Result<std::string> Wrap(const core::PersonId& person, const std::string& key, const PeerCall& call) override;
  core::Result<std::string> Unwrap(const core::PersonId& person, const std::string& wrapped,
                                   const PeerCall& call) override;
  core::Result<registry::v1::DescribedPerson> Describe(const core::PersonId& person, const core::InstitutionId& reader,
                                                       const PeerCall& call) override;

 private:
  Peer& registry_;
};

// The case behind a referral, for its recipient.
class CaseViews {
 public:
  virtual ~CaseViews() = default;
  virtual core::Result<intake::v1::Case> Show(const core::CaseId& id, const core::InstitutionId& recipient,
                                              const PeerCall& call) = 0;
};

class RpcCaseViews final : public CaseViews {
 public:
  explicit RpcCaseViews(Peer& intake) : intake_(intake) {}
  core::Result<intake::v1::Case> Show(const core::CaseId& id, const core::InstitutionId& recipient,
                                      const PeerCall& call) override;

 private:
  Peer& intake_;
};

}  // namespace tilts::referral_routing
