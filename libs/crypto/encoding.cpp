#include "crypto/encoding.hpp"

#include <cstdint>

namespace tilts::crypto {
namespace {

using core::Result;

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kBase32 = "abcdefghijklmnopqrstuvwxyz234567";

// Writes `bits` per character from the most significant bit on.
std::string Encode(std::string_view bytes, std::string_view alphabet, unsigned bits) {
  std::string text;
  text.reserve(bytes.size() * 8 / bits + 1);
  const std::uint32_t mask = (1U << bits) - 1;
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (const char byte : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(byte);
    held += 8;
    while (held >= bits) {
      held -= bits;
      text.push_back(alphabet[(buffer >> held) & mask]);
    }
  }
  if (held > 0) text.push_back(alphabet[(buffer << (bits - held)) & mask]);
  return text;
}

Result<std::string> Decode(std::string_view text, std::string_view alphabet, unsigned bits) {
  const auto bad = [] { return core::Fail(core::Errc::kInvalid, "the encoded value is not well-formed", "ENCODING"); };
  std::string bytes;
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) return bad();
    buffer = (buffer << bits) | static_cast<std::uint32_t>(value);
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes.push_back(static_cast<char>((buffer >> held) & 0xFF));
    }
  }
  // One spelling per value: no spare character, no bits that would be thrown away.
  if (held >= bits || (buffer & ((1U << held) - 1)) != 0) return bad();
  return bytes;
}

}  // namespace

std::string ToHex(std::string_view bytes) {
  return Encode(bytes, kHex, 4);
}

Result<std::string> FromHex(std::string_view text) {
  return Decode(text, kHex, 4);
}

std::string ToBase64(std::string_view bytes) {
  std::string text = Encode(bytes, kBase64, 6);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<std::string> FromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return Decode("=", kBase64, 6);
  if (text.ends_with("==")) return Decode(text.substr(0, text.size() - 2), kBase64, 6);
  if (text.ends_with('=')) return Decode(text.substr(0, text.size() - 1), kBase64, 6);
  return Decode(text, kBase64, 6);
}

std::string ToBase64Url(std::string_view bytes) {
  return Encode(bytes, kBase64Url, 6);
}

Result<std::string> FromBase64Url(std::string_view text) {
  return Decode(text, kBase64Url, 6);
}

std::string ToBase32(std::string_view bytes) {
  return Encode(bytes, kBase32, 5);
}

}  // namespace tilts::crypto
