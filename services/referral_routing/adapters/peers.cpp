#include "referral_routing/adapters/peers.hpp"

#include <tilts/registry/v1/vault_service.pb.h>

namespace tilts::referral_routing {
namespace {

using core::Result;

core::Result<std::string> OnlyOne(const google::protobuf::RepeatedPtrField<std::string>& keys) {
  if (keys.size() == 1) return keys.Get(0);
  return core::Fail(core::Errc::kCorrupt, "the vault answered for another number of keys than it was asked for",
                    "VAULT_ANSWER");
}

}  // namespace

Result<rpc::CallOptions> Peer::OptionsFor(const PeerCall& call) const {
  rpc::CallOptions options;
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(call.deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return core::Fail(core::Errc::kTimeout, "no time is left to ask " + name_, "PEER_TIMEOUT");
  options.timeout = left;
  options.traceparent = call.traceparent;
  TILTS_ASSIGN(options.metadata, credentials_.For(name_, nullptr, call.cause_id));
  return options;
}

Result<std::string> RpcVault::Wrap(const core::PersonId& person, const std::string& key, const PeerCall& call) {
  registry::v1::WrapKeysRequest request;
  request.set_person_id(person.value());
  request.add_keys(key);
  TILTS_ASSIGN(const auto answer,
               registry_.Ask<registry::v1::WrapKeysResponse>("tilts.registry.v1.VaultService/WrapKeys", request, call));
  return OnlyOne(answer.wrapped_keys());
}

Result<std::string> RpcVault::Unwrap(const core::PersonId& person, const std::string& wrapped, const PeerCall& call) {
  registry::v1::UnwrapKeysRequest request;
  request.set_person_id(person.value());
  request.add_wrapped_keys(wrapped);
  TILTS_ASSIGN(const auto answer, registry_.Ask<registry::v1::UnwrapKeysResponse>(
                                      "tilts.registry.v1.VaultService/UnwrapKeys", request, call));
  return OnlyOne(answer.keys());
}

Result<registry::v1::DescribedPerson> RpcVault::Describe(const core::PersonId& person,
                                                         const core::InstitutionId& reader, const PeerCall& call) {
  registry::v1::DescribePersonsRequest request;
  request.add_person_ids(person.value());
  request.set_on_behalf_of_institution_id(reader.value());
  TILTS_ASSIGN(auto answer, registry_.Ask<registry::v1::DescribePersonsResponse>(
                                "tilts.registry.v1.VaultService/DescribePersons", request, call));
  if (answer.people_size() == 1) return std::move(*answer.mutable_people(0));
  return core::Fail(core::Errc::kCorrupt, "the vault answered for another number of persons than it was asked for",
                    "VAULT_ANSWER");
}

Result<intake::v1::Case> RpcCaseViews::Show(const core::CaseId& id, const core::InstitutionId& recipient,
                                            const PeerCall& call) {
  intake::v1::GetCaseForReferralRequest request;
  request.set_case_id(id.value());
  request.set_recipient_id(recipient.value());
  TILTS_ASSIGN(auto answer, intake_.Ask<intake::v1::GetCaseForReferralResponse>(
                                "tilts.intake.v1.IntakeService/GetCaseForReferral", request, call));
  return std::move(*answer.mutable_case_file());
}

}  // namespace tilts::referral_routing
