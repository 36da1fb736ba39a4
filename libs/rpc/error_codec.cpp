#include "rpc/error_codec.hpp"

#include <tilts/errors/v1/errors.pb.h>

namespace tilts::rpc {
namespace {

using core::Errc;

errors::v1::ErrorCode ToProto(Errc code) {
  switch (code) {
    case Errc::kInvalid: return errors::v1::ERROR_CODE_INVALID;
    case Errc::kNotFound: return errors::v1::ERROR_CODE_NOT_FOUND;
    case Errc::kAlreadyExists: return errors::v1::ERROR_CODE_ALREADY_EXISTS;
    case Errc::kRefused: return errors::v1::ERROR_CODE_REFUSED;
    case Errc::kDenied: return errors::v1::ERROR_CODE_DENIED;
    case Errc::kUnauthenticated: return errors::v1::ERROR_CODE_UNAUTHENTICATED;
    case Errc::kConflict: return errors::v1::ERROR_CODE_CONFLICT;
    case Errc::kUnavailable: return errors::v1::ERROR_CODE_UNAVAILABLE;
    case Errc::kTimeout: return errors::v1::ERROR_CODE_TIMEOUT;
    case Errc::kOverloaded: return errors::v1::ERROR_CODE_OVERLOADED;
    case Errc::kCorrupt: return errors::v1::ERROR_CODE_CORRUPT;
    case Errc::kInternal: return errors::v1::ERROR_CODE_INTERNAL;
  }
  return errors::v1::ERROR_CODE_INTERNAL;
}

// A code of a newer peer that we do not know is its bug or ours: kInternal.
Errc FromProto(errors::v1::ErrorCode code) {
  for (const Errc candidate :
       {Errc::kInvalid, Errc::kNotFound, Errc::kAlreadyExists, Errc::kRefused, Errc::kDenied, Errc::kUnauthenticated,
        Errc::kConflict, Errc::kUnavailable, Errc::kTimeout, Errc::kOverloaded, Errc::kCorrupt}) {
    if (ToProto(candidate) == code) return candidate;
  }
  return Errc::kInternal;
}

}  // namespace

std::string EncodeError(const core::Error& error) {
  errors::v1::ErrorDetail detail;
  detail.set_code(ToProto(error.code));
  detail.set_message(error.message);
  detail.set_reason(error.reason);
  detail.set_retry_after_seconds(static_cast<std::uint32_t>(error.retry_after_seconds));
  for (const core::Violation& violation : error.violations) {
    auto* entry = detail.add_violations();
    entry->set_field(violation.field);
    entry->set_code(violation.code);
    entry->set_message(violation.message);
  }
  return detail.SerializeAsString();
}

core::Result<core::Error> DecodeError(std::string_view bytes) {
  errors::v1::ErrorDetail detail;
  if (bytes.empty() || !detail.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return core::Fail(Errc::kCorrupt, "the peer's error detail cannot be read");
  }
  core::Error error{
      FromProto(detail.code()), detail.message(), detail.reason(), {}, static_cast<int>(detail.retry_after_seconds())};
  for (const auto& violation : detail.violations()) {
    error.violations.push_back({violation.field(), violation.code(), violation.message()});
  }
  return error;
}

}  // namespace tilts::rpc
