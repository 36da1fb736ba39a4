#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace tilts::risk_scoring {

// Detects broken bytes, 8 at a time; no protection against somebody who means to break them.
inline std::uint32_t Checksum(std::string_view bytes) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  std::uint64_t sum = bytes.size() * kOdd;
  while (!bytes.empty()) {
    std::uint64_t chunk = 0;
    const std::size_t size = bytes.size() < sizeof(chunk) ? bytes.size() : sizeof(chunk);
    std::memcpy(&chunk, bytes.data(), size);
    bytes.remove_prefix(size);
    sum = (sum ^ chunk) * kOdd;
    sum ^= sum >> 32;
  }
  return static_cast<std::uint32_t>(sum);
}

class ByteWriter {
 public:
  ByteWriter() { bytes_.reserve(1024); }

  void Byte(unsigned value) { bytes_.push_back(static_cast<char>(value)); }
  void Number(std::uint32_t value) {
    for (; value >= 0x80; value >>= 7) Byte((value & 0x7F) | 0x80);
    Byte(value);
  }
  // Small for differences near zero of either sign.
  void Difference(std::int32_t value) {
    Number((static_cast<std::uint32_t>(value) << 1) ^ static_cast<std::uint32_t>(value >> 31));
  }
  void Fixed(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) Byte(static_cast<unsigned>((value >> (8 * i)) & 0xFF));
  }
  void Raw(std::string_view text) { bytes_.append(text); }
  void Text(std::string_view text) {
    Number(static_cast<std::uint32_t>(text.size()));
    Raw(text);
  }

  // With the checksum at its end.
  std::string Finish() {
    Fixed(Checksum(bytes_), 4);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

// Reads zeros past the end, and says so.
class ByteReader {
 public:
  // Bytes that do not end with their checksum are broken from the start.
  explicit ByteReader(std::string_view bytes) {
    if (bytes.size() < 4) return;
    rest_ = bytes.substr(bytes.size() - 4);
    const auto checksum = static_cast<std::uint32_t>(Fixed(4));
    rest_ = bytes.substr(0, bytes.size() - 4);
    if (checksum != Checksum(rest_)) rest_ = {};
    broken_ = rest_.empty();
  }

  unsigned Byte() {
    if (rest_.empty()) {
      broken_ = true;
      return 0;
    }
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  std::uint32_t Number() {
    std::uint32_t value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      const unsigned byte = Byte();
      value |= (byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    broken_ = true;
    return 0;
  }
  std::int32_t Difference() {
    const std::uint32_t value = Number();
    return static_cast<std::int32_t>((value >> 1) ^ (0 - (value & 1)));
  }
  std::uint64_t Fixed(int size) {
    std::uint64_t value = 0;
    for (int i = 0; i < size; ++i) value |= std::uint64_t{Byte()} << (8 * i);
    return value;
  }
  std::string_view Raw(std::size_t size) {
    if (size > rest_.size()) {
      broken_ = true;
      return {};
    }
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return text;
  }
  std::string_view Text() { return Raw(Number()); }
  // How many entries follow; each takes a byte at least.
  std::size_t Count() {
    const std::size_t count = Number();
    if (count > rest_.size()) broken_ = true;
    return broken_ ? 0 : count;
  }

  void Require(bool holds) { broken_ = broken_ || !holds; }
  bool broken() const { return broken_; }
  bool complete() const { return !broken_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool broken_ = true;
};

}  // namespace tilts::risk_scoring
