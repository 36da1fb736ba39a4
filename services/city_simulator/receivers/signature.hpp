#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tilts::city_simulator {

// A recipient's own check of a Standard Webhook, written from the published specification: HMAC-SHA256 over
// "id.timestamp.body" with the secret behind "whsec_", any of the space-separated "v1," values may match.
enum class Verdict { kGood, kNoSecret, kMalformed, kStale, kWrong };
Verdict Verify(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view signatures,
               std::string_view body, std::int64_t now_seconds);

// What a sender who knows the secret would write; empty without a secret. Secrets are "whsec_" and base64.
std::string Sign(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body);
std::string SecretOf(std::string_view key);

}  // namespace tilts::city_simulator
