#include "crypto/hash.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <exception>

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace tilts::crypto {
namespace {

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Digest(const std::array<unsigned char, 32>& digest) {
  return std::string(reinterpret_cast<const char*>(digest.data()), digest.size());
}

// Length first, so that ("ab", "c") and ("a", "bc") differ.
void AppendField(std::string& out, std::string_view field) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(field.size()) >> shift) & 0xFF));
  }
  out.append(field);
}

}  // namespace

std::string Sha256(std::string_view data) {
  std::array<unsigned char, 32> digest{};
  // Fails only when the library itself is broken; there is no safe way to go on.
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) std::terminate();
  return Digest(digest);
}

std::string HmacSha256(std::string_view key, std::string_view data) {
  std::array<unsigned char, 32> digest{};
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Bytes(data), data.size(), digest.data(), nullptr) ==
      nullptr) {
    std::terminate();
  }
  return Digest(digest);
}

std::string DeriveKey(std::string_view key, std::string_view label) {
  const std::string extracted = HmacSha256(std::string(32, '\0'), key);
  std::string block(label);
  block.push_back('\x01');
  return HmacSha256(extracted, block);
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string DeriveId(std::string_view cause, std::string_view rule, std::uint64_t index) {
  std::string input;
  AppendField(input, cause);
  AppendField(input, rule);
  AppendField(input, std::to_string(index));
  return ToBase32(Sha256(input).substr(0, kIdBytes));
}

}  // namespace tilts::crypto
