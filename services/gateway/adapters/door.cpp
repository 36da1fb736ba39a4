#include "gateway/adapters/door.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <tilts/options/v1/options.pb.h>

#include <algorithm>

#include "auth/gatekeeper.hpp"
#include "gateway/adapters/http_convert.hpp"
#include "gateway/adapters/status_report.hpp"
#include "gateway/app/cloud_events.hpp"
#include "wire/bytes.hpp"

namespace tilts::gateway {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kStatusPath = "/v1/status";
constexpr std::string_view kStatusOperation = "operations.read";

bool LeavesAuditRecord(const Route& route) {
  return route.method->options().GetExtension(options::v1::access).audit() != options::v1::AUDIT_DUTY_NONE;
}

milliseconds WaitOf(const Route& route, const google::protobuf::Message& request) {
  if (route.wait_field == nullptr) return milliseconds(0);
  return seconds(request.GetReflection()->GetUInt32(request, route.wait_field));
}

void SetWait(const Route& route, google::protobuf::Message& request, milliseconds wait) {
  const auto whole = std::chrono::duration_cast<seconds>(wait).count();
  request.GetReflection()->SetUInt32(&request, route.wait_field, static_cast<std::uint32_t>(whole));
}

}  // namespace

void Door::Handle(http::Request request, http::Responder respond) {
  auto exchange = std::make_shared<Exchange>(std::move(request), std::move(respond));
  if (AnswerPublic(*exchange)) return;
  const auto submitted = parts_.calls.Submit([this, exchange] { Serve(exchange); });
  if (!submitted) {
    exchange->Answer(submitted.error());
    parts_.request_log.Record(*exchange);
  }
}

// Probes and the API description: no caller, no work, also while every thread is busy.
bool Door::AnswerPublic(Exchange& exchange) {
  const std::string& path = exchange.request.path;
  const bool known = path == "/livez" || path == "/readyz" || path == "/openapi.json";
  if (!known || exchange.request.method != "GET") return false;
  if (path == "/openapi.json") {
    exchange.Answer({200, {{"Content-Type", "application/json"}}, parts_.openapi});
  } else {
    const bool good = path == "/livez" || parts_.ready();
    exchange.Answer({good ? 200 : 503, {{"Content-Type", "text/plain"}}, good ? "ok\n" : "not ready\n"});
  }
  return true;
}

void Door::Serve(const ExchangePointer& exchange) {
  const core::Result<Stage> stage =
      exchange->request.path == kStatusPath ? ServeStatus(*exchange) : ServeRoute(exchange);
  if (stage && *stage == Stage::kWaiting) return;  // it belongs to another thread now
  if (!stage) exchange->Answer(stage.error());
  parts_.request_log.Record(*exchange);
}

core::Result<Door::Stage> Door::ServeStatus(Exchange& exchange) {
  if (exchange.request.method != "GET") {
    exchange.Answer(http::PlainProblem(405, "Method not allowed"));
    return Stage::kAnswered;
  }
  TILTS_CHECK(Admit(exchange, kStatusOperation));
  if (exchange.caller.kind != auth::Principal::Kind::kOperator) {
    return core::Fail(core::Errc::kDenied, "Only operators see the status of all services.", "OPERATION_NOT_GRANTED");
  }
  TILTS_ASSIGN(const std::string report, StatusReport(parts_.upstream, exchange.labels, limits_.status_limit));
  exchange.Answer({200, {{"Content-Type", "application/json"}}, report});
  return Stage::kAnswered;
}

core::Status Door::Admit(Exchange& exchange, std::string_view operation) {
  TILTS_ASSIGN(exchange.caller, auth::AdmitApiKey(parts_.grants, operation, ToMetadata(exchange.request.headers),
                                                  parts_.city_clock.Now()));
  const milliseconds wait = parts_.rate_limiter.Take(exchange.caller.client_id);
  if (wait == milliseconds(0)) return {};
  core::Error error{core::Errc::kOverloaded, "The client calls too often: wait and retry.", "RATE_LIMIT", {}, 0};
  error.retry_after_seconds = static_cast<int>((wait + milliseconds(999)) / seconds(1));
  return core::Fail(std::move(error));
}

core::Result<RouteMatch> Door::FindRoute(Exchange& exchange) {
  TILTS_ASSIGN(const RequestPath path, ToRequestPath(exchange.request.path));
  RouteAnswer answer = parts_.routes.Find(exchange.request.method, path);
  if (auto* match = std::get_if<RouteMatch>(&answer)) return std::move(*match);
  if (const auto* other = std::get_if<OtherMethods>(&answer)) {
    http::Response response = http::PlainProblem(405, "Method not allowed");
    response.headers.Set("Allow", other->allowed);
    exchange.Answer(std::move(response));
    return RouteMatch{};
  }
  return core::Fail(core::Errc::kNotFound, "There is no such path: see /openapi.json.", "ROUTE_UNKNOWN");
}

core::Result<Door::Stage> Door::ServeRoute(const ExchangePointer& exchange) {
  TILTS_ASSIGN(const RouteMatch match, FindRoute(*exchange));
  if (match.route == nullptr) return Stage::kAnswered;
  exchange->route = match.route;
  if (LeavesAuditRecord(*match.route)) exchange->work = std::make_unique<WorkToken>(at_work_);
  TILTS_CHECK(Admit(*exchange, auth::OperationOf(*match.route->method)));
  if (match.route->cloud_events) {
    TILTS_CHECK(ServeEvents(*exchange));
    return Stage::kAnswered;
  }
  TILTS_ASSIGN(std::shared_ptr<google::protobuf::Message> request,
               BuildRequest(*match.route, match.variables, ToInput(exchange->request)));
  const milliseconds wait = std::min(WaitOf(*match.route, *request), limits_.long_poll_limit);
  if (wait > milliseconds(0)) {
    SetWait(*match.route, *request, wait);
    if (MoveToWaits(exchange, request, wait)) return Stage::kWaiting;
    // All waiting places are taken: answer with what is there now, the caller asks again.
    SetWait(*match.route, *request, milliseconds(0));
  }
  TILTS_CHECK(Forward(*exchange, *request, milliseconds(0)));
  return Stage::kAnswered;
}

bool Door::MoveToWaits(const ExchangePointer& exchange, std::shared_ptr<google::protobuf::Message> request,
                       milliseconds wait) {
  auto place = std::make_shared<WorkToken>(waiting_);
  if (waiting_.load() > limits_.wait_places) return false;
  const auto submitted = parts_.waits.Submit([this, exchange, request = std::move(request), wait, place] {
    const core::Status status = Forward(*exchange, *request, wait);
    if (!status) exchange->Answer(status.error());
    parts_.request_log.Record(*exchange);
  });
  return submitted.has_value();
}

core::Status Door::ServeEvents(Exchange& exchange) {
  TILTS_ASSIGN(EventBatch batch, ReadEvents(ToInput(exchange.request)));
  std::string answer;
  if (batch.facts.facts_size() > 0) {
    core::Result<std::string> asked = Ask(exchange, batch.facts, milliseconds(0));
    if (!asked) return core::Fail(InEventPaths(batch, std::move(asked).error()));
    answer = *std::move(asked);
  }
  TILTS_ASSIGN(const HttpOutput output, AnswerEvents(std::move(batch), answer));
  exchange.Answer(output);
  return {};
}

core::Result<std::string> Door::Ask(Exchange& exchange, const google::protobuf::Message& request, milliseconds wait) {
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(request));
  const auto call = wait > milliseconds(0) ? &Upstream::Wait : &Upstream::Call;
  return (parts_.upstream.*call)(exchange.route->service, exchange.route->rpc_name, exchange.caller, bytes,
                                 exchange.labels, wait + limits_.upstream_timeout);
}

core::Status Door::Forward(Exchange& exchange, const google::protobuf::Message& request, milliseconds wait) {
  TILTS_ASSIGN(const std::string answer, Ask(exchange, request, wait));
  TILTS_ASSIGN(const HttpOutput output, BuildResponse(*exchange.route, answer));
  exchange.Answer(output);
  return {};
}

}  // namespace tilts::gateway
