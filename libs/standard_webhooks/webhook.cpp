#include "standard_webhooks/webhook.hpp"

#include <algorithm>
#include <charconv>

namespace tilts::standard_webhooks {
namespace {

using core::CityTime;
using core::Errc;
using core::Fail;
using std::chrono::seconds;

// An id with a dot could move bytes between id, timestamp and body; signatures are split at spaces.
bool IsUsableId(std::string_view id) {
  return !id.empty() && id.find('.') == std::string_view::npos &&
         std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
}

std::string SignedContent(std::string_view id, std::string_view timestamp, std::string_view body) {
  std::string content;
  content.reserve(id.size() + timestamp.size() + body.size() + 2);
  content.append(id).append(".").append(timestamp).append(".").append(body);
  return content;
}

core::Result<CityTime> ParseTimestamp(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Up to the year 9999, so that adding the tolerance cannot overflow.
  const bool padded = text.size() > 1 && text.front() == '0';
  if (text.empty() || padded || error != std::errc{} || end != text.data() + text.size() || value < 0 ||
      value > 253402300799) {
    return Fail(Errc::kInvalid, "webhook-timestamp must be whole seconds since 1970", "WEBHOOK_TIMESTAMP");
  }
  return CityTime{seconds{value}};
}

bool AnyVerifies(std::span<const WebhookKey> keys, std::string_view content, std::string_view signatures) {
  bool verified = false;
  while (!signatures.empty()) {
    const std::size_t end = std::min(signatures.find(' '), signatures.size());
    const std::string_view signature = signatures.substr(0, end);
    for (const WebhookKey& key : keys) verified = key.Verifies(content, signature) || verified;
    signatures.remove_prefix(std::min(end + 1, signatures.size()));
  }
  return verified;
}

}  // namespace

core::Result<Headers> Sign(std::span<const WebhookKey> keys, std::string_view id, CityTime timestamp,
                           std::string_view body) {
  if (!IsUsableId(id)) {
    return Fail(Errc::kInvalid, "a webhook id is printable, without spaces and full stops", "WEBHOOK_ID");
  }
  if (keys.empty()) return Fail(Errc::kInvalid, "give at least one key to sign with", "WEBHOOK_KEY");
  const auto since_epoch = std::chrono::floor<seconds>(timestamp).time_since_epoch();
  Headers headers{std::string(id), std::to_string(since_epoch.count()), {}};
  const std::string content = SignedContent(id, headers.timestamp, body);
  for (const WebhookKey& key : keys) {
    TILTS_ASSIGN(const std::string signature, key.Sign(content));
    headers.signature += (headers.signature.empty() ? "" : " ") + signature;
  }
  return headers;
}

core::Status Verify(std::span<const WebhookKey> keys, const Headers& headers, std::string_view body, CityTime now,
                    seconds tolerance) {
  if (headers.id.empty() || headers.timestamp.empty() || headers.signature.empty()) {
    return Fail(Errc::kInvalid, "webhook-id, webhook-timestamp and webhook-signature are all needed",
                "WEBHOOK_HEADERS");
  }
  // What could not have been signed so is another message, cut at another full stop.
  if (!IsUsableId(headers.id)) {
    return Fail(Errc::kInvalid, "a webhook id is printable, without spaces and full stops", "WEBHOOK_ID");
  }
  TILTS_ASSIGN(const CityTime sent, ParseTimestamp(headers.timestamp));
  if (now - sent > tolerance || sent - now > tolerance) {
    return Fail(Errc::kDenied, "the webhook is too old or from the future: check both clocks", "WEBHOOK_TIMESTAMP");
  }
  if (!AnyVerifies(keys, SignedContent(headers.id, headers.timestamp, body), headers.signature)) {
    return Fail(Errc::kDenied, "no signature fits: check the key and that the body is the one received, byte for byte",
                "WEBHOOK_SIGNATURE");
  }
  return {};
}

}  // namespace tilts::standard_webhooks
