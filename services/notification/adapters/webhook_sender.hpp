#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/clock.hpp"
#include "http/client.hpp"
#include "notification/adapters/delivery_store.hpp"
#include "notification/adapters/secret_sealer.hpp"
#include "notification/domain/response.hpp"

namespace tilts::notification {

struct SenderOptions {
  std::chrono::milliseconds attempt_timeout{15'000};
  std::size_t response_body_limit = 4096;
  std::size_t in_flight = 256;
  bool allow_private_addresses = false;
};

// Posts one signed Standard Webhook. The id is the delivery's, the timestamp the machine's, the body as stored.
class WebhookSender {
 public:
  // Nothing: the attempt was not made, we are stopping.
  using Done = std::function<void(std::optional<domain::Attempt>)>;

  WebhookSender(SenderOptions options, const SecretSealer& sealer, const core::MachineClock& clock);
  ~WebhookSender();

  // `done` runs once, on the client's thread or at once.
  void Send(const Claim& claim, Done done);
  // Ends what is in flight as not made.
  void Stop();

 private:
  core::Result<http::HttpRequest> RequestFor(const Claim& claim) const;

  const SenderOptions options_;
  const SecretSealer& sealer_;
  const core::MachineClock& clock_;
  std::unique_ptr<http::HttpClient> client_;
};

}  // namespace tilts::notification
