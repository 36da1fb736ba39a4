#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tilts::audit_chain {

// One link. `record` is the envelope as it came from the topic; hashes have 32 bytes.
struct Entry {
  std::string chain_id;
  std::uint64_t sequence = 0;  // from 1 without gaps
  std::string previous_hash;
  std::string hash;
  std::string record;

  bool operator==(const Entry&) const = default;
};

// What the first entry follows: 32 zero bytes.
const std::string& FirstPreviousHash();

// SHA-256(previous_hash || sequence as 8 big-endian bytes || record).
std::string EntryHash(std::string_view previous_hash, std::uint64_t sequence, std::string_view record);

// Chain ids are "<service>.<purpose>": lower-case letters, digits, dots and hyphens, at most 100.
bool IsChainId(std::string_view text);

}  // namespace tilts::audit_chain
