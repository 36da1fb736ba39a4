#include "crypto/blind_index.hpp"

#include "crypto/hash.hpp"

namespace tilts::crypto {

BlindIndex::BlindIndex(const SecretKey& key)
    : key_(SecretKey::FromBytes(DeriveKey(key.bytes(), "tilts/blind-index/v1")).value()) {}

std::string BlindIndex::Of(std::string_view system, std::string_view value) const {
  std::string input(system);
  input.push_back('\0');
  input += NormaliseIdentifier(value);
  return HmacSha256(key_.bytes(), input);
}

std::string NormaliseIdentifier(std::string_view value) {
  const auto left_out = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-' || c == '.' || c == '/';
  };
  std::string normal;
  normal.reserve(value.size());
  for (const char c : value) {
    if (left_out(c)) continue;
    normal.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return normal;
}

}  // namespace tilts::crypto
