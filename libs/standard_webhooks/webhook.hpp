#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/city_time.hpp"
#include "standard_webhooks/webhook_key.hpp"

namespace tilts::standard_webhooks {

inline constexpr std::string_view kIdHeader = "webhook-id";
inline constexpr std::string_view kTimestampHeader = "webhook-timestamp";
inline constexpr std::string_view kSignatureHeader = "webhook-signature";
inline constexpr std::chrono::seconds kDefaultTolerance{300};

// The values of the three headers, as sent or as received.
struct Headers {
  std::string id;
  std::string timestamp;  // seconds since 1970
  std::string signature;  // signatures separated by spaces
};

// Signs with every key, the current one first: while a key is rotated both signatures are sent.
core::Result<Headers> Sign(std::span<const WebhookKey> keys, std::string_view id, core::CityTime timestamp,
                           std::string_view body);

// Accepts when any signature verifies with any key and the timestamp lies within `tolerance` of `now`.
// kInvalid: a header is missing or unreadable; kDenied: too old, too new or no signature fits.
core::Status Verify(std::span<const WebhookKey> keys, const Headers& headers, std::string_view body, core::CityTime now,
                    std::chrono::seconds tolerance = kDefaultTolerance);

}  // namespace tilts::standard_webhooks
