#include "gateway/adapters/exchange.hpp"

#include "gateway/app/problem.hpp"
#include "rpc/trace_context.hpp"

namespace tilts::gateway {

Exchange::Exchange(http::Request incoming, http::Responder responder)
    : request(std::move(incoming)), respond(std::move(responder)), started(std::chrono::steady_clock::now()) {
  labels.call_id = rpc::RandomHexId();
  labels.traceparent = rpc::NextTraceparent(request.headers.Find("traceparent").value_or(std::string_view()));
}

void Exchange::Answer(http::Response response) {
  status = response.status;
  work.reset();  // whoever has the answer and asks for the status sees it done
  response.headers.Set("Tilts-Call-Id", labels.call_id);
  response.headers.Set("X-Content-Type-Options", "nosniff");
  // Answers may tell of a child: no browser and no proxy keeps them.
  response.headers.Set("Cache-Control", "no-store");
  respond(std::move(response));
}

void Exchange::Answer(const core::Error& error) {
  Problem problem = ToProblem(error, labels.call_id);
  problem_reason = error.reason.empty() ? std::string(core::ToString(error.code)) : error.reason;
  http::Response response{problem.status, {{"Content-Type", "application/problem+json"}}, std::move(problem.body)};
  if (problem.retry_after_seconds > 0) response.headers.Set("Retry-After", std::to_string(problem.retry_after_seconds));
  if (problem.status == 401) response.headers.Set("WWW-Authenticate", "Bearer");
  Answer(std::move(response));
}

void Exchange::Answer(const HttpOutput& output) {
  http::Response response{200, {{"Content-Type", "application/json"}}, output.json};
  if (!output.etag.empty()) {
    response.headers.Set("ETag", output.etag);
    if (request.method == "GET" && request.headers.Find("If-None-Match") == output.etag) {
      response.status = 304;
      response.body.clear();
    }
  }
  Answer(std::move(response));
}

}  // namespace tilts::gateway
