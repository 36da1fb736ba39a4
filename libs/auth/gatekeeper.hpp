#pragma once

#include <string_view>

#include "auth/grant_directory.hpp"
#include "auth/signed_principal.hpp"
#include "core/clock.hpp"
#include "rpc/call.hpp"

namespace tilts::auth {

inline constexpr std::string_view kAuthorizationMetadata = "authorization";  // "Bearer tk_…"
inline constexpr std::string_view kInstitutionMetadata = "tilts-institution";
// Optional codes of 1 to 64 of [A-Za-z0-9._-]; they go into the principal and the audit log.
inline constexpr std::string_view kUnitMetadata = "tilts-unit";
inline constexpr std::string_view kRoleMetadata = "tilts-role";
inline constexpr std::string_view kPurposeMetadata = "tilts-purpose";

// Decides from a method's (tilts.options.v1.access) option and the call's metadata who calls and
// whether the method is theirs to call. Either an API key with the acting institution, or a principal
// signed for this service; never both. Refusals:
//   kUnauthenticated  CREDENTIALS_MISSING, CREDENTIALS_TWICE, KEY_UNKNOWN, KEY_EXPIRED, PRINCIPAL_…
//   kDenied           INSTITUTION_MISSING, GRANT_…, OPERATION_NOT_GRANTED, SERVICE_NOT_LISTED
//   kInvalid          METADATA_INVALID
class Gatekeeper final : public rpc::Gatekeeper {
 public:
  Gatekeeper(GrantDirectory& grants, const PrincipalVerifier& verifier, const core::MachineClock& machine_clock)
      : grants_(grants), verifier_(verifier), machine_clock_(machine_clock) {}

  core::Result<Principal> Admit(const google::protobuf::MethodDescriptor& method, const rpc::Metadata& metadata,
                                core::CityTime now) override;

 private:
  core::Result<Principal> AdmitSigned(const google::protobuf::MethodDescriptor& method, std::string_view token,
                                      core::CityTime now);

  GrantDirectory& grants_;
  const PrincipalVerifier& verifier_;
  const core::MachineClock& machine_clock_;
};

// The first half of it, for a door that admits callers itself (the gateway): API key, acting
// institution, operation.
core::Result<Principal> AdmitApiKey(GrantDirectory& grants, std::string_view operation, const rpc::Metadata& metadata,
                                    core::CityTime now);

// "tilts.intake.v1.IntakeService/ReportConcern" asks for "report.write"; empty: services only.
std::string OperationOf(const google::protobuf::MethodDescriptor& method);

}  // namespace tilts::auth
