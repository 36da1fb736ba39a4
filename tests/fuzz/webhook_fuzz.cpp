// The three headers of Standard Webhooks and a key's text, as lines: key, id, timestamp, signature, then the body. A
// signature of "sign" stands for the right one over id, timestamp and body, which no mutation would ever guess.
#include <array>

#include "require.hpp"
#include "standard_webhooks/webhook.hpp"

namespace tilts::standard_webhooks {
namespace {

using fuzz::Require;

const std::array<WebhookKey, 2>& Keys() {
  static const std::array<WebhookKey, 2> keys = {
      WebhookKey::Parse("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX").value(),
      WebhookKey::Parse("whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").value()};
  return keys;
}

void RequireKey(std::string_view text) {
  const core::Result<WebhookKey> key = WebhookKey::Parse(text);
  if (!key) return fuzz::RequireTold(key.error());
  const std::string written = key->Serialize();
  const core::Result<WebhookKey> again = WebhookKey::Parse(written);
  Require(again.has_value() && again->Serialize() == written, "a key is written as it can be read");
  Require(written.ends_with(text), "a key has one spelling, apart from the prefix that may be left out");
  if (!key->can_sign()) return;
  const core::CityTime now{std::chrono::seconds(1'772'440'200)};
  const core::Result<Headers> headers = Sign({&*key, 1}, "msg_1", now, text);
  Require(headers.has_value() && Verify({&*key, 1}, *headers, text, now).has_value(), "what it signs it verifies");
  Require(!Verify({&*key, 1}, *headers, std::string(text) + " ", now), "and nothing else");
}

}  // namespace
}  // namespace tilts::standard_webhooks

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using namespace tilts::standard_webhooks;
  std::string_view rest = fuzz::Input(data, size);
  RequireKey(fuzz::TakeLine(rest));
  Headers headers{std::string(fuzz::TakeLine(rest)), std::string(fuzz::TakeLine(rest)),
                  std::string(fuzz::TakeLine(rest))};
  const core::CityTime now{std::chrono::seconds(1'772'440'200)};
  if (headers.signature == "sign") {
    const std::string content = headers.id + "." + headers.timestamp + "." + std::string(rest);
    headers.signature = Keys()[content.size() % 2].Sign(content).value();
  }
  const core::Status verified = Verify(Keys(), headers, rest, now);
  if (!verified) {
    fuzz::RequireTold(verified.error());
    return 0;
  }
  // Accepted: then these very parts could have been signed, not only the text they are joined to.
  std::int64_t seconds = 0;
  for (const char digit : headers.timestamp) seconds = seconds * 10 + (digit - '0');
  const core::Result<Headers> own = Sign(Keys(), headers.id, core::CityTime{std::chrono::seconds(seconds)}, rest);
  Require(own.has_value(), "an accepted message has an id that can be signed");
  Require(own->timestamp == headers.timestamp, "and a timestamp with one spelling");
  const std::string given = " " + headers.signature + " ";
  const std::size_t between = own->signature.find(' ');
  Require(given.find(" " + own->signature.substr(0, between) + " ") != std::string::npos ||
              given.find(" " + own->signature.substr(between + 1) + " ") != std::string::npos,
          "an accepted header holds a right signature");
  return 0;
}
