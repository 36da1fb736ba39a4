#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

// The inside of sha256.hpp; for its sources and their test only.
namespace tilts::core::internal {

inline constexpr std::size_t kSha256Block = 64;
using Sha256State = std::array<std::uint32_t, 8>;

inline constexpr Sha256State kSha256Start = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// Takes `blocks` blocks of 64 bytes in.
void CompressPortably(Sha256State& state, const std::uint8_t* data, std::size_t blocks);
// By the processor's own instructions where it has them, else portably; the result is the same.
void Compress(Sha256State& state, const std::uint8_t* data, std::size_t blocks);

}  // namespace tilts::core::internal
