#include "auth/gatekeeper.hpp"

#include <google/protobuf/descriptor.h>
#include <tilts/options/v1/options.pb.h>

#include <algorithm>
#include <optional>

namespace tilts::auth {
namespace {

constexpr std::string_view kBearer = "Bearer ";

tl::unexpected<core::Error> MetadataInvalid(std::string_view key) {
  core::Error error{core::Errc::kInvalid, "A header is not acceptable.", "METADATA_INVALID", {}, 0};
  error.violations.push_back(
      {std::string(key), "VALUE_INVALID", "Send it once, 1 to 64 of letters, digits, . _ and -."});
  return core::Fail(std::move(error));
}

bool IsCode(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

// The one value of a key; empty when it is absent.
core::Result<std::string> OneValue(const rpc::Metadata& metadata, std::string_view key) {
  const auto [first, last] = metadata.equal_range(key);
  if (first == last) return std::string();
  if (std::next(first) != last) return MetadataInvalid(key);
  return first->second;
}

core::Result<std::string> OneCode(const rpc::Metadata& metadata, std::string_view key) {
  TILTS_ASSIGN(std::string value, OneValue(metadata, key));
  if (!value.empty() && !IsCode(value)) return MetadataInvalid(key);
  return value;
}

const options::v1::Access& AccessOf(const google::protobuf::MethodDescriptor& method) {
  return method.options().GetExtension(options::v1::access);
}

tl::unexpected<core::Error> ServicesOnly() {
  return core::Fail(core::Errc::kDenied, "This method is for services of the house only.", "OPERATION_NOT_GRANTED");
}

}  // namespace

std::string OperationOf(const google::protobuf::MethodDescriptor& method) {
  return AccessOf(method).operation();
}

core::Result<Principal> AdmitApiKey(GrantDirectory& grants, std::string_view operation, const rpc::Metadata& metadata,
                                    core::CityTime now) {
  TILTS_ASSIGN(const std::string header, OneValue(metadata, kAuthorizationMetadata));
  if (!header.starts_with(kBearer)) {
    return core::Fail(core::Errc::kUnauthenticated, "Send your API key: Authorization: Bearer tk_….",
                      "CREDENTIALS_MISSING");
  }
  Principal principal;
  TILTS_ASSIGN(principal.client_id, grants.Authenticate(std::string_view(header).substr(kBearer.size()), now));
  TILTS_ASSIGN(principal.institution_id, OneCode(metadata, kInstitutionMetadata));
  TILTS_ASSIGN(principal.unit_id, OneCode(metadata, kUnitMetadata));
  TILTS_ASSIGN(principal.role, OneCode(metadata, kRoleMetadata));
  TILTS_ASSIGN(principal.purpose, OneCode(metadata, kPurposeMetadata));
  if (principal.institution_id.empty()) {
    return core::Fail(core::Errc::kDenied, "Name the institution you act for: Tilts-Institution: <id>.",
                      "INSTITUTION_MISSING");
  }
  if (operation.empty()) return ServicesOnly();
  TILTS_ASSIGN(principal.kind, grants.CheckOperation(principal.client_id, principal.institution_id, operation, now));
  principal.issuer = "api-key";
  principal.grants_version = grants.version();
  return principal;
}

core::Result<Principal> Gatekeeper::Admit(const google::protobuf::MethodDescriptor& method,
                                          const rpc::Metadata& metadata, core::CityTime now) {
  TILTS_ASSIGN(const std::string token, OneValue(metadata, kPrincipalMetadata));
  if (token.empty()) return AdmitApiKey(grants_, OperationOf(method), metadata, now);
  if (metadata.find(kAuthorizationMetadata) != metadata.end()) {
    return core::Fail(core::Errc::kUnauthenticated, "Send an API key or a principal, not both.", "CREDENTIALS_TWICE");
  }
  return AdmitSigned(method, token, now);
}

core::Result<Principal> Gatekeeper::AdmitSigned(const google::protobuf::MethodDescriptor& method,
                                                std::string_view token, core::CityTime now) {
  TILTS_ASSIGN(Principal principal, verifier_.Verify(token, machine_clock_.Now()));
  const options::v1::Access& access = AccessOf(method);
  if (principal.kind == Principal::Kind::kService) {
    const auto& services = access.services();
    if (std::find(services.begin(), services.end(), principal.service) == services.end()) {
      return core::Fail(core::Errc::kDenied, "The service is not on this method's list.", "SERVICE_NOT_LISTED");
    }
    return principal;
  }
  if (access.operation().empty()) return ServicesOnly();
  // The issuer's word on who calls is believed; what the caller may do is looked up here again.
  TILTS_ASSIGN(principal.kind, grants_.CheckOperation(principal.client_id, principal.institution_id, access.operation(),
                                                      now, principal.grants_version));
  return principal;
}

}  // namespace tilts::auth
