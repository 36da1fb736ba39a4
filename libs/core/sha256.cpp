#include "core/sha256.hpp"

#include <cstring>

namespace tilts::core {
namespace {

using internal::kSha256Block;
using internal::kSha256Start;
using internal::Sha256State;

const std::uint8_t* Bytes(std::string_view data) {
  return reinterpret_cast<const std::uint8_t*>(data.data());
}

// The rest of a message of which `before` bytes, whole blocks, are in `state` already.
Sha256Digest Finish(Sha256State state, std::size_t before, std::string_view data) {
  const std::size_t whole = data.size() / kSha256Block;
  if (whole > 0) internal::Compress(state, Bytes(data), whole);
  std::array<std::uint8_t, 2 * kSha256Block> last{};
  const std::size_t rest = data.size() % kSha256Block;
  if (rest > 0) std::memcpy(last.data(), data.data() + whole * kSha256Block, rest);
  last[rest] = 0x80;
  const std::size_t blocks = rest + 1 + sizeof(std::uint64_t) <= kSha256Block ? 1 : 2;
  const std::uint64_t bits = std::uint64_t{before + data.size()} * 8;
  for (std::size_t i = 0; i < sizeof bits; ++i) {
    last[blocks * kSha256Block - 1 - i] = static_cast<std::uint8_t>(bits >> (8 * i) & 0xff);
  }
  internal::Compress(state, last.data(), blocks);
  Sha256Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
  }
  return digest;
}

}  // namespace

Sha256Digest Sha256(std::string_view data) {
  return Finish(kSha256Start, 0, data);
}

HmacKey::HmacKey(std::string_view key) : inner_(kSha256Start), outer_(kSha256Start) {
  std::array<std::uint8_t, kSha256Block> padded{};
  if (key.size() > padded.size()) {
    const Sha256Digest shorter = Sha256(key);
    std::memcpy(padded.data(), shorter.data(), shorter.size());
  } else if (!key.empty()) {
    std::memcpy(padded.data(), key.data(), key.size());
  }
  for (std::uint8_t& byte : padded) byte ^= 0x36;
  internal::Compress(inner_, padded.data(), 1);
  for (std::uint8_t& byte : padded) byte ^= 0x36 ^ 0x5c;
  internal::Compress(outer_, padded.data(), 1);
}

Sha256Digest HmacKey::Of(std::string_view data) const {
  const Sha256Digest first = Finish(inner_, kSha256Block, data);
  return Finish(outer_, kSha256Block, {reinterpret_cast<const char*>(first.data()), first.size()});
}

Sha256Digest HmacSha256(std::string_view key, std::string_view data) {
  return HmacKey(key).Of(data);
}

std::string Hex(const Sha256Digest& digest, std::size_t bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes);
  for (std::size_t i = 0; i < bytes && i < digest.size(); ++i) {
    text.push_back(kDigits[digest[i] >> 4]);
    text.push_back(kDigits[digest[i] & 0xf]);
  }
  return text;
}

}  // namespace tilts::core
