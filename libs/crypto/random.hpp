#pragma once

#include <cstddef>
#include <string>

namespace tilts::crypto {

inline constexpr std::size_t kIdBytes = 16;
inline constexpr std::size_t kIdCharacters = 26;

// From the system's generator. Ends the process when there is none: nothing safe can follow.
std::string RandomBytes(std::size_t count);

// 128 random bits as 26 lower-case base32 characters.
std::string RandomId();

}  // namespace tilts::crypto
