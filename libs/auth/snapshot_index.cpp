#include "auth/snapshot_index.hpp"

#include <tilts/registry/v1/registry_service.pb.h>

#include <array>

#include "wire/time.hpp"

namespace tilts::auth {
namespace {

constexpr std::array<std::string_view, 8> kOperatorOperations = {
    "operations.",    "registry.write", "audit.",          "person.",
    "delivery.write", "grant.",         "indicator.write", "card.activate",
};

// An unreadable end means "ended": access is never widened by a broken value.
std::optional<core::CityTime> TimeOr(bool present, const google::protobuf::Timestamp& value, core::CityTime broken) {
  if (!present) return std::nullopt;
  return wire::FromTimestamp(value).value_or(broken);
}

}  // namespace

bool IsOperatorOperation(std::string_view operation) {
  for (const std::string_view one : kOperatorOperations) {
    if (one.back() == '.' ? operation.starts_with(one) : operation == one) return true;
  }
  return false;
}

SnapshotIndex::SnapshotIndex(const registry::v1::GetGrantSnapshotResponse& snapshot) : version_(snapshot.version()) {
  for (const auto& entry : snapshot.credentials()) {
    credentials_[entry.credential_id()] = {entry.client_id(), entry.secret_sha256(),
                                           TimeOr(entry.has_expires_at(), entry.expires_at(), core::CityTime::min())};
  }
  for (const auto& grant : snapshot.grants()) {
    Grant mine{{grant.operations().begin(), grant.operations().end()},
               TimeOr(grant.has_valid_from(), grant.valid_from(), core::CityTime::max()),
               TimeOr(grant.has_valid_to(), grant.valid_to(), core::CityTime::min())};
    grants_[{grant.client_id(), grant.institution_id()}].push_back(std::move(mine));
  }
  operators_.insert(snapshot.operator_institution_ids().begin(), snapshot.operator_institution_ids().end());
}

const SnapshotIndex::Credential* SnapshotIndex::FindCredential(const std::string& credential_id) const {
  const auto found = credentials_.find(credential_id);
  return found == credentials_.end() ? nullptr : &found->second;
}

core::Result<Principal::Kind> SnapshotIndex::CheckOperation(const std::string& client_id,
                                                            const std::string& institution_id,
                                                            std::string_view operation, core::CityTime now) const {
  const auto found = grants_.find({client_id, institution_id});
  if (found == grants_.end()) {
    return core::Fail(core::Errc::kDenied, "The client has no grant of this institution: ask the institution for one.",
                      "GRANT_MISSING");
  }
  const bool is_operator = operators_.contains(institution_id);
  bool in_force = false;
  for (const Grant& grant : found->second) {
    if ((grant.valid_from && now < *grant.valid_from) || (grant.valid_to && now >= *grant.valid_to)) continue;
    in_force = true;
    const bool all = grant.operations.contains("*") && (is_operator || !IsOperatorOperation(operation));
    if (all || grant.operations.contains(operation)) {
      return is_operator ? Principal::Kind::kOperator : Principal::Kind::kInstitution;
    }
  }
  if (!in_force) {
    return core::Fail(core::Errc::kDenied, "The grant is not in force now: ask the institution to renew it.",
                      "GRANT_EXPIRED");
  }
  return core::Fail(core::Errc::kDenied, "The grant does not name this operation.", "OPERATION_NOT_GRANTED");
}

}  // namespace tilts::auth
