#include "core/errc.hpp"

namespace tilts::core {

std::string_view ToString(Errc code) {
  switch (code) {
    case Errc::kInvalid: return "INVALID";
    case Errc::kNotFound: return "NOT_FOUND";
    case Errc::kAlreadyExists: return "ALREADY_EXISTS";
    case Errc::kRefused: return "REFUSED";
    case Errc::kDenied: return "DENIED";
    case Errc::kUnauthenticated: return "UNAUTHENTICATED";
    case Errc::kConflict: return "CONFLICT";
    case Errc::kUnavailable: return "UNAVAILABLE";
    case Errc::kTimeout: return "TIMEOUT";
    case Errc::kOverloaded: return "OVERLOADED";
    case Errc::kCorrupt: return "CORRUPT";
    case Errc::kInternal: return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace tilts::core
