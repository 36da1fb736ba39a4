#include "city_simulator/receivers/signature.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace tilts::city_simulator {
namespace {

constexpr std::int64_t kToleranceSeconds = 300;
constexpr std::string_view kPrefix = "whsec_";

std::vector<unsigned char> FromBase64(std::string_view text) {
  std::vector<unsigned char> bytes(text.size() / 4 * 3 + 3);
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return {};
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::string ToBase64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

// 32 bytes; none without a usable secret.
std::string Mac(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body) {
  if (secret.substr(0, kPrefix.size()) != kPrefix) return {};
  const auto key = FromBase64(secret.substr(kPrefix.size()));
  std::string text;
  text.append(id).append(".").append(timestamp).append(".").append(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  if (key.empty() ||
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
           text.size(), mac.data(), &size) == nullptr) {
    return {};
  }
  return {reinterpret_cast<const char*>(mac.data()), size};
}

}  // namespace

std::string SecretOf(std::string_view key) {
  return std::string(kPrefix) + ToBase64(key);
}

std::string Sign(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view body) {
  const std::string mac = Mac(secret, id, timestamp, body);
  return mac.empty() ? mac : "v1," + ToBase64(mac);
}

Verdict Verify(std::string_view secret, std::string_view id, std::string_view timestamp, std::string_view signatures,
               std::string_view body, std::int64_t now_seconds) {
  if (secret.substr(0, kPrefix.size()) != kPrefix) return Verdict::kNoSecret;
  std::int64_t sent = 0;
  const auto parsed = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), sent);
  if (id.empty() || parsed.ec != std::errc{} || parsed.ptr != timestamp.data() + timestamp.size())
    return Verdict::kMalformed;
  if (sent > now_seconds + kToleranceSeconds || sent < now_seconds - kToleranceSeconds) return Verdict::kStale;
  const std::string expected = Mac(secret, id, timestamp, body);
  if (expected.empty()) return Verdict::kMalformed;
  while (!signatures.empty()) {
    const std::string_view one = signatures.substr(0, signatures.find(' '));
    signatures.remove_prefix(std::min(signatures.size(), one.size() + 1));
    if (one.substr(0, 3) != "v1,") continue;
    const auto given = FromBase64(one.substr(3));
    if (given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0)
      return Verdict::kGood;
  }
  return Verdict::kWrong;
}

}  // namespace tilts::city_simulator
