#include "city_simulator/scan/canary.hpp"

#include <array>
#include <cstdio>

#include "city_simulator/city/dice.hpp"

namespace tilts::city_simulator {
namespace {

std::string Base64(std::string_view bytes) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at + 2 < bytes.size(); at += 3) {
    const auto byte = [&](std::size_t index) {
      return static_cast<unsigned>(static_cast<unsigned char>(bytes[at + index]));
    };
    const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (int shift = 18; shift >= 0; shift -= 6) text += kAlphabet[group >> shift & 63U];
  }
  return text;
}

std::string Letters(Dice& dice, int count) {
  std::string word;
  for (int index = 0; index < count; ++index) word += static_cast<char>('a' + dice.Below(26));
  return word;
}

}  // namespace

Canary::Canary(std::uint64_t seed, std::uint64_t salt) {
  Dice dice(seed, "canary", salt);
  // "zq" begins no word of any language that is spoken here.
  word_ = "zq" + Letters(dice, 10);
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "32%04u-9", static_cast<unsigned>(dice.Below(10'000)));
  code_prefix_ = digits.data();
  marks_ = {word_, code_prefix_};
  for (std::size_t skipped = 0; skipped < 3; ++skipped) {
    // Only whole groups of three bytes inside the mark look the same whatever stands around it.
    marks_.push_back(Base64(std::string_view(word_).substr(skipped, (word_.size() - skipped) / 3 * 3)));
  }
}

std::string Canary::GivenName(std::uint64_t person) const {
  return word_ + "-given-" + std::to_string(person);
}
std::string Canary::FamilyName(std::uint64_t person) const {
  return word_ + "-family-" + std::to_string(person);
}

std::string Canary::PersonCode(std::uint64_t person) const {
  std::array<char, 16> digits{};
  std::snprintf(digits.data(), digits.size(), "%04u", static_cast<unsigned>(person % 10'000));
  return code_prefix_ + digits.data();
}

std::string Canary::PupilNumber(unsigned school, std::uint64_t pupil) const {
  return word_ + "-" + std::to_string(school) + "-" + std::to_string(pupil);
}

std::string Canary::Contact(std::uint64_t person) const {
  return word_ + std::to_string(person) + "@example.org";
}

std::string Canary::Text(std::string_view about, std::uint64_t number) const {
  return std::string(about) + " " + word_ + "-text-" + std::to_string(number);
}

}  // namespace tilts::city_simulator
