#include "postgres/sql_error.hpp"

#include "core/errc.hpp"

namespace tilts::postgres {
namespace {

// The name in `… violates unique constraint "report_source_event_key"` on the first line.
std::string ConstraintOf(std::string_view server_text) {
  const std::string_view line = server_text.substr(0, server_text.find('\n'));
  const std::size_t word = line.find("constraint \"");
  if (word == std::string_view::npos) return {};
  const std::size_t begin = word + std::string_view("constraint \"").size();
  const std::size_t end = line.find('"', begin);
  return end == std::string_view::npos ? std::string() : std::string(line.substr(begin, end - begin));
}

core::Error Make(core::Errc code, std::string message, std::string reason) {
  return {code, std::move(message), std::move(reason), {}, 0};
}

core::Error FromClass(std::string_view sqlstate, std::string reason) {
  const std::string_view group = sqlstate.substr(0, 2);
  if (group == "08" || group == "57" || group == "58") {
    return Make(core::Errc::kUnavailable, "the database is not available: try again", std::move(reason));
  }
  if (group == "53" || group == "54") {
    return Make(core::Errc::kOverloaded, "the database is at a limit: try again later", std::move(reason));
  }
  if (group == "22") return Make(core::Errc::kInvalid, "a value does not fit its column", std::move(reason));
  if (group == "40") return Make(core::Errc::kConflict, "the transaction lost a race: try again", std::move(reason));
  return Make(core::Errc::kInternal, "a statement failed: see its SQLSTATE in the reason", std::move(reason));
}

}  // namespace

core::Error FromSqlState(std::string_view sqlstate, std::string_view server_text) {
  std::string reason = "SQL_" + std::string(sqlstate);
  const std::string constraint = ConstraintOf(server_text);
  if (sqlstate == "23505") return Make(core::Errc::kAlreadyExists, "the same key exists already", constraint);
  if (sqlstate == "23503" || sqlstate == "23P01") {
    return Make(core::Errc::kRefused, "what this refers to is missing or in use", constraint);
  }
  if (sqlstate == "23514" || sqlstate == "23502") {
    return Make(core::Errc::kInvalid, "a value breaks a rule of its column", constraint.empty() ? reason : constraint);
  }
  if (sqlstate == "55P03") return Make(core::Errc::kConflict, "another transaction holds the lock", std::move(reason));
  if (sqlstate == "57014") return Make(core::Errc::kTimeout, "the statement took too long", std::move(reason));
  if (sqlstate == "25P03") return ConnectionLost();
  return FromClass(sqlstate, std::move(reason));
}

core::Error ConnectionLost() {
  return Make(core::Errc::kUnavailable, "the connection to the database was lost: try again", kConnectionLost);
}

bool IsRetryable(const core::Error& error) {
  return error.code == core::Errc::kConflict && (error.reason == kSerializationFailure || error.reason == kDeadlock);
}

}  // namespace tilts::postgres
