#include "notification/adapters/webhook_sender.hpp"

#include "standard_webhooks/webhook.hpp"

namespace tilts::notification {
namespace {

using domain::Attempt;
using standard_webhooks::WebhookKey;

std::optional<Attempt> AttemptOf(const core::Result<http::HttpResponse>& answer, core::CityTime now) {
  Attempt attempt;
  if (answer) {
    attempt.status = answer->status;
    if (const auto header = answer->headers.Find("Retry-After")) {
      attempt.retry_after = domain::ParseRetryAfter(*header, now);
    }
    return attempt;
  }
  const core::Error& error = answer.error();
  if (error.reason == "HTTP_CLIENT_STOPPED" || error.code == core::Errc::kOverloaded) return std::nullopt;
  attempt.kind = error.code == core::Errc::kTimeout  ? Attempt::Kind::kTimeout
                 : error.code == core::Errc::kDenied ? Attempt::Kind::kAddressRefused
                                                     : Attempt::Kind::kUnreachable;
  return attempt;
}

}  // namespace

WebhookSender::WebhookSender(SenderOptions options, const SecretSealer& sealer, const core::MachineClock& clock)
    : options_(options), sealer_(sealer), clock_(clock) {
  http::ClientOptions client;
  client.allow_private_networks = options.allow_private_addresses;
  client.max_in_flight = 2 * options.in_flight;
  client.user_agent = "tilts-notification";
  client_ = std::make_unique<http::HttpClient>(std::move(client));
}

WebhookSender::~WebhookSender() = default;

void WebhookSender::Stop() {
  client_.reset();
}

core::Result<http::HttpRequest> WebhookSender::RequestFor(const Claim& claim) const {
  std::vector<WebhookKey> keys;
  for (const std::string* sealed : {&claim.sealed_secret, &claim.previous_sealed_secret}) {
    if (sealed->empty()) continue;
    TILTS_ASSIGN(const std::string secret, sealer_.Open(claim.endpoint_id, claim.wrapped_key, *sealed));
    TILTS_ASSIGN(WebhookKey key, WebhookKey::Parse(secret));
    keys.push_back(std::move(key));
  }
  TILTS_ASSIGN(const auto signature, standard_webhooks::Sign(keys, claim.delivery_id, clock_.Now(), claim.body));
  http::HttpRequest request;
  request.method = "POST";
  request.url = claim.url;
  request.body = claim.body;
  request.timeout = options_.attempt_timeout;
  request.connect_timeout = options_.attempt_timeout;
  request.max_response_bytes = options_.response_body_limit;
  request.truncate_response = true;  // what counts is the status
  request.headers.Add("Content-Type", "application/json");
  request.headers.Add(std::string(standard_webhooks::kIdHeader), signature.id);
  request.headers.Add(std::string(standard_webhooks::kTimestampHeader), signature.timestamp);
  request.headers.Add(std::string(standard_webhooks::kSignatureHeader), signature.signature);
  if (!claim.traceparent.empty()) request.headers.Add("traceparent", claim.traceparent);
  return request;
}

void WebhookSender::Send(const Claim& claim, Done done) {
  auto request = RequestFor(claim);
  if (!client_) return done(std::nullopt);
  if (!request) {
    Attempt unsigned_attempt;
    unsigned_attempt.kind = Attempt::Kind::kNotSigned;
    return done(unsigned_attempt);
  }
  client_->Send(std::move(*request), [this, done = std::move(done)](const core::Result<http::HttpResponse>& answer) {
    done(AttemptOf(answer, clock_.Now()));
  });
}

}  // namespace tilts::notification
