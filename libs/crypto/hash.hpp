#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tilts::crypto {

// 32 bytes each.
std::string Sha256(std::string_view data);
std::string HmacSha256(std::string_view key, std::string_view data);

// HKDF-SHA256 without salt: an independent 32-byte key for each label.
std::string DeriveKey(std::string_view key, std::string_view label);

// Takes the same time whatever the contents; lengths may be told apart.
bool ConstantTimeEqual(std::string_view a, std::string_view b);

// The same cause, rule and index give the same 26-character id, so that handling an input twice
// produces the same outgoing ids.
std::string DeriveId(std::string_view cause, std::string_view rule, std::uint64_t index);

}  // namespace tilts::crypto
