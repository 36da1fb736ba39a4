#include "city_simulator/city/dice.hpp"

namespace tilts::city_simulator {
namespace {

// The finishing steps of splitmix64: every bit of the input reaches every bit of the output.
std::uint64_t Mix(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

}  // namespace

Dice::Dice(std::uint64_t seed, std::string_view name, std::uint64_t number)
    : state_(Mix(seed + 0x9e3779b97f4a7c15ULL)) {
  for (const char letter : name) state_ = Mix(state_ ^ static_cast<unsigned char>(letter)) + 0x9e3779b97f4a7c15ULL;
  state_ = Mix(state_ ^ number);
}

std::uint64_t Dice::Next() {
  state_ += 0x9e3779b97f4a7c15ULL;
  return Mix(state_);
}

std::uint64_t Dice::Below(std::uint64_t limit) {
  return limit == 0 ? 0 : Next() % limit;
}

}  // namespace tilts::city_simulator
