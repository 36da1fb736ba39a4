#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"

namespace tilts::audit_chain {

// A signed statement: at this time the chain ended here. Kept in the database and, beyond its reach, in the witness
// file.
struct Checkpoint {
  std::string chain_id;
  std::uint64_t sequence = 0;
  std::string hash;  // 32 bytes
  core::CityTime at{};
  std::string key_id;     // first 16 hex digits of SHA-256 of the public key
  std::string signature;  // Ed25519 over SignedText

  bool operator==(const Checkpoint&) const = default;
};

// "tilts-audit-checkpoint-v1\n<chain>\n<sequence>\n<hash in hex>\n<RFC 3339 time>\n<key id>\n"
std::string SignedText(const Checkpoint& checkpoint);

std::string KeyIdOf(std::string_view public_key);

// False for a wrong signature, another key, or malformed contents.
bool IsSignedBy(const Checkpoint& checkpoint, std::string_view public_key);

// One line of the witness file, with its line feed: "v1 <chain> <sequence> <hash> <time> <key id> <signature>".
std::string WitnessLine(const Checkpoint& checkpoint);

// kCorrupt names the first line that is none. A last line without line feed was being written when the power went: it
// is left out.
core::Result<std::vector<Checkpoint>> ParseWitness(std::string_view text);

}  // namespace tilts::audit_chain
