#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "core/errc.hpp"

namespace tilts::core {

// One field-level complaint. `field` is a path such as "people[1].identifiers[0].value"; `code` is a
// stable upper-case word; `message` says what to do next and never repeats the value.
struct Violation {
  std::string field;
  std::string code;
  std::string message;

  bool operator==(const Violation&) const = default;
};

// `reason` is a stable upper-case word a program can act on ("REFERRAL_STATE", "IDEMPOTENCY_BODY");
// `message` is for people. Neither holds personal data.
struct Error {
  Errc code = Errc::kInternal;
  std::string message;
  std::string reason;
  std::vector<Violation> violations;
  // Seconds after which a retry makes sense; 0 = unknown.
  int retry_after_seconds = 0;

  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> Fail(Errc code, std::string message, std::string reason = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(reason), {}, 0});
}

inline tl::unexpected<Error> Fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace tilts::core

// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot stand in parentheses
// Leaves the function with the error of `expression`, or declares `declaration` with its value.
#define TILTS_CONCAT_INNER(a, b) a##b
#define TILTS_CONCAT(a, b) TILTS_CONCAT_INNER(a, b)
#define TILTS_ASSIGN_IMPL(temporary, declaration, expression)               \
  auto temporary = (expression);                                            \
  if (!temporary) return tl::make_unexpected(std::move(temporary).error()); \
  declaration = std::move(*temporary)
#define TILTS_ASSIGN(declaration, expression) \
  TILTS_ASSIGN_IMPL(TILTS_CONCAT(tilts_result_, __COUNTER__), declaration, expression)
#define TILTS_CHECK_IMPL(temporary, expression)                                                              \
  do {                                                                                                       \
    if (auto temporary = (expression); !temporary) return tl::make_unexpected(std::move(temporary).error()); \
  } while (false)
// A counter, not the line: the expression may hold a lambda that checks something itself.
#define TILTS_CHECK(expression) TILTS_CHECK_IMPL(TILTS_CONCAT(tilts_status_, __COUNTER__), expression)
// NOLINTEND(bugprone-macro-parentheses)
