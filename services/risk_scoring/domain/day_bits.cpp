#include "risk_scoring/domain/day_bits.hpp"

#include <bit>
#include <cstddef>

namespace tilts::risk_scoring {
namespace {

constexpr int kBits = 64;

std::uint64_t BitOf(Day day) {
  return std::uint64_t{1} << (day % kBits);
}

// The bits of word `index` that lie in [from, to].
std::uint64_t Mask(int index, Day from, Day to) {
  std::uint64_t mask = ~std::uint64_t{0};
  if (index == from / kBits) mask &= mask << (from % kBits);
  if (index == to / kBits) mask &= ~std::uint64_t{0} >> (kBits - 1 - to % kBits);
  return mask;
}

}  // namespace

void DayBits::Set(Day day) {
  const int index = day / kBits;
  if (words_.empty()) first_word_ = index;
  if (index < first_word_) {
    words_.insert(words_.begin(), static_cast<std::size_t>(first_word_ - index), 0);
    first_word_ = index;
  }
  const auto place = static_cast<std::size_t>(index - first_word_);
  if (place >= words_.size()) words_.resize(place + 1);
  words_[place] |= BitOf(day);
}

void DayBits::Reset(Day day) {
  if (Has(day)) words_[static_cast<std::size_t>(day / kBits - first_word_)] &= ~BitOf(day);
}

bool DayBits::Has(Day day) const {
  return day >= 0 && (Word(day / kBits) & BitOf(day)) != 0;
}

unsigned DayBits::Count(Day from, Day to) const {
  return CountCommon(*this, from, to);
}

unsigned DayBits::CountCommon(const DayBits& other, Day from, Day to) const {
  if (from < 0) from = 0;
  if (from > to || words_.empty()) return 0;
  const int end = first_word_ + static_cast<int>(words_.size());
  const int last = to / kBits < end ? to / kBits : end - 1;
  unsigned count = 0;
  for (int index = from / kBits > first_word_ ? from / kBits : first_word_; index <= last; ++index) {
    count += static_cast<unsigned>(std::popcount(Word(index) & other.Word(index) & Mask(index, from, to)));
  }
  return count;
}

std::uint64_t DayBits::Word(int index) const {
  const int place = index - first_word_;
  return place < 0 || place >= static_cast<int>(words_.size()) ? 0 : words_[static_cast<std::size_t>(place)];
}

}  // namespace tilts::risk_scoring
