#pragma once

#include <string_view>

namespace tilts::core {

// The one closed error vocabulary. Adapters choose the code; rpc, http and the consumer runner map
// it in switches without default, so that a new code breaks the build where somebody must decide.
enum class Errc {
  kInvalid,        // the input can never be right
  kNotFound,       // unknown, or none of the caller's business
  kAlreadyExists,  // the same key with another content
  kRefused,        // the object's state does not allow it
  kDenied,         // the caller may not
  kUnauthenticated,
  kConflict,     // lost a race: read again and retry
  kUnavailable,  // a part is down: retry later, the outcome of a write may be unknown
  kTimeout,
  kOverloaded,  // our own limit
  kCorrupt,     // bytes that should be ours are broken
  kInternal,    // our bug
};

std::string_view ToString(Errc code);

}  // namespace tilts::core
