#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace tilts::postgres {

inline constexpr char kSerializationFailure[] = "SQL_40001";
inline constexpr char kDeadlock[] = "SQL_40P01";
inline constexpr char kConnectionLost[] = "DATABASE_CONNECTION";

// The house's error for a SQLSTATE. `server_text` is used for the constraint's name only: everything else in it may
// hold values.
core::Error FromSqlState(std::string_view sqlstate, std::string_view server_text);

core::Error ConnectionLost();
bool IsRetryable(const core::Error& error);  // serialization failure or deadlock

}  // namespace tilts::postgres
