#include "gateway/app/problem.hpp"

#include <nlohmann/json.hpp>
#include <string_view>

namespace tilts::gateway {
namespace {

struct Shape {
  int status;
  std::string_view title;
};

Shape ShapeOf(const core::Error& error) {
  switch (error.code) {
    case core::Errc::kInvalid:
      if (error.reason == "CONTENT_TYPE") return {415, "Unsupported media type"};
      return {400, "The request is not acceptable"};
    case core::Errc::kNotFound: return {404, "Not found"};
    case core::Errc::kAlreadyExists:
      if (error.reason == "IDEMPOTENCY_BODY") return {422, "The key was used with another request"};
      return {409, "It exists already"};
    case core::Errc::kRefused: return {409, "The state does not allow it"};
    case core::Errc::kDenied: return {403, "Not allowed"};
    case core::Errc::kUnauthenticated: return {401, "Not authenticated"};
    case core::Errc::kConflict:
      if (error.reason.starts_with("ETAG")) return {412, "It has changed meanwhile"};
      return {409, "Another request was faster"};
    case core::Errc::kUnavailable: return {503, "A part is not available"};
    case core::Errc::kTimeout: return {504, "No answer in time"};
    case core::Errc::kOverloaded:
      if (error.reason == "RATE_LIMIT") return {429, "Too many requests"};
      return {503, "Overloaded"};
    case core::Errc::kCorrupt:
    case core::Errc::kInternal: return {500, "A fault on our side"};
  }
  return {500, "A fault on our side"};
}

}  // namespace

Problem ToProblem(const core::Error& error, const std::string& call_id) {
  const Shape shape = ShapeOf(error);
  Problem problem;
  problem.status = shape.status;
  problem.retry_after_seconds = error.retry_after_seconds;
  const bool passing = shape.status == 503 || shape.status == 429 || error.reason == "IDEMPOTENCY_IN_FLIGHT";
  if (passing && problem.retry_after_seconds <= 0) problem.retry_after_seconds = 1;

  const std::string code(core::ToString(error.code));
  nlohmann::ordered_json body;
  body["type"] = "urn:tilts:problem:" + (error.reason.empty() ? code : error.reason);
  body["title"] = shape.title;
  body["status"] = shape.status;
  body["detail"] =
      shape.status == 500 ? "Tell the operator the call id; a retry with the same key is safe." : error.message;
  body["instance"] = "urn:tilts:call:" + call_id;
  body["code"] = code;
  if (!error.reason.empty()) body["reason"] = error.reason;
  for (const core::Violation& violation : error.violations) {
    body["violations"].push_back(
        {{"field", violation.field}, {"code", violation.code}, {"message", violation.message}});
  }
  if (problem.retry_after_seconds > 0) body["retry_after_seconds"] = problem.retry_after_seconds;
  // Texts come from our own services; a broken one must not turn an error into a crash.
  problem.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return problem;
}

}  // namespace tilts::gateway
