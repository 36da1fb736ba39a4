#pragma once

#include <string>

#include "core/result.hpp"

namespace tilts::gateway {

// RFC 9457: what every refused call gets as application/problem+json.
struct Problem {
  int status = 500;
  std::string body;
  int retry_after_seconds = 0;  // 0: no Retry-After
};

// The one place where core::Errc becomes an HTTP status. `call_id` lets an operator find the call.
Problem ToProblem(const core::Error& error, const std::string& call_id);

}  // namespace tilts::gateway
