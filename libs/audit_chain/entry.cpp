#include "audit_chain/entry.hpp"

#include <algorithm>

#include "crypto/hash.hpp"

namespace tilts::audit_chain {

const std::string& FirstPreviousHash() {
  static const std::string zeros(32, '\0');
  return zeros;
}

std::string EntryHash(std::string_view previous_hash, std::uint64_t sequence, std::string_view record) {
  std::string bytes(previous_hash);
  for (int shift = 56; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(sequence >> shift & 0xff));
  bytes += record;
  return crypto::Sha256(bytes);
}

bool IsChainId(std::string_view text) {
  constexpr std::size_t kLongest = 100;
  return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') || character == '.' ||
           character == '-' || character == '_';
  });
}

}  // namespace tilts::audit_chain
