#pragma once

#include <tilts/registry/v1/registry_service.pb.h>

#include "core/result.hpp"
#include "registry/domain/grants.hpp"
#include "registry/domain/institution.hpp"

namespace tilts::registry {

v1::Institution ToProto(const Institution& institution);
core::Result<Institution> FromProto(const v1::Institution& message);

v1::Grant ToProto(const Grant& grant);
v1::CredentialEntry ToProto(const Credential& credential);

// A field that may be absent; kInvalid names `field`.
core::Result<std::optional<core::CityTime>> OptionalTime(bool given, const google::protobuf::Timestamp& timestamp,
                                                         const std::string& field);

}  // namespace tilts::registry
