#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace tilts::wire {

// Reads a serialised message in place, field by field, without a copy. It knows messages only as this house writes
// them: fields 1 to 15 in rising order, each at most once, ASCII text. Whatever else comes makes it `odd`; the caller
// then parses the message the ordinary way, which alone decides whether it is one.
//
//   while (const unsigned field = reader.Next()) {
//     if (field == 1) id = reader.Text(); else reader.Skip();
//   }
//   if (reader.odd()) return std::nullopt;
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes) : rest_(bytes) {}

  // Number of the next field, whose value must be read or skipped; 0: there is none, or it is odd.
  unsigned Next() {
    if (rest_.empty() || odd_) return 0;
    const auto tag = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    const unsigned field = tag >> 3U;
    type_ = tag & 7U;
    if (tag >= 0x80 || field <= field_) return Odd();
    return field_ = field;
  }

  // At most `most`; more is odd.
  std::uint32_t Number(std::uint32_t most = std::numeric_limits<std::uint32_t>::max()) {
    if (type_ != kVarint) return Odd();
    const std::uint64_t value = Varint();
    return value <= most ? static_cast<std::uint32_t>(value) : Odd();
  }
  std::string_view Bytes() {
    if (type_ != kBytes) Odd();
    const std::uint64_t size = odd_ ? 0 : Varint();
    if (size > rest_.size()) Odd();
    if (odd_) return {};
    const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }
  std::string_view Text() {
    const std::string_view text = Bytes();
    if (!IsAscii(text)) Odd();
    return text;
  }
  // A number whose value is of no interest.
  void SkipNumber() {
    if (type_ != kVarint) Odd();
    if (!odd_) Varint();
  }
  // google.protobuf.Timestamp whose value is of no interest.
  void SkipTimestamp() {
    FieldReader time(Bytes());
    while (const unsigned field = time.Next()) {
      if (field > 2) time.Odd();
      time.SkipNumber();
    }
    if (time.odd()) Odd();
  }
  unsigned Odd() {
    odd_ = true;
    return 0;
  }

  bool odd() const { return odd_; }

 private:
  static constexpr unsigned kVarint = 0;
  static constexpr unsigned kBytes = 2;

  // Eight characters at a time.
  static bool IsAscii(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    std::uint64_t all = 0;
    for (std::uint64_t eight = 0; text.size() >= sizeof eight; text.remove_prefix(sizeof eight)) {
      std::memcpy(&eight, text.data(), sizeof eight);
      all |= eight;
    }
    for (const char c : text) all |= static_cast<unsigned char>(c);
    return (all & kHighBits) == 0;
  }

  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return Odd();
  }

  std::string_view rest_;
  unsigned field_ = 0;
  unsigned type_ = 0;
  bool odd_ = false;
};

}  // namespace tilts::wire
