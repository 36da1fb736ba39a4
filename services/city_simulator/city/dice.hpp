#pragma once

#include <cstdint>
#include <string_view>

namespace tilts::city_simulator {

// Chance that repeats: the same seed, name and number give the same throws, in whatever order the world asks. Decisions
// about a thing take their dice from that thing's name, never from a shared stream, so that threads and arrival order
// change nothing.
class Dice {
 public:
  Dice(std::uint64_t seed, std::string_view name, std::uint64_t number = 0);

  std::uint64_t Next();
  // 0 to limit - 1.
  std::uint64_t Below(std::uint64_t limit);
  // True in `percent` of a hundred throws.
  bool Chance(unsigned percent) { return Below(100) < percent; }

 private:
  std::uint64_t state_;
};

}  // namespace tilts::city_simulator
