#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "city_simulator/time/riga_time.hpp"

namespace tilts::city_simulator {

// What the city is going to do, by time; at the same time in the order it was put there.
class Agenda {
 public:
  using Act = std::function<void(Instant at)>;

  void Put(Instant at, Act act) { entries_.push({at, ++count_, std::move(act)}); }
  bool empty() const { return entries_.empty(); }
  std::optional<Instant> next() const { return empty() ? std::nullopt : std::optional(entries_.top().at); }
  // Does everything that lies at or before `at`; what is put there meanwhile as well.
  void Run(Instant at) {
    while (!empty() && entries_.top().at <= at) {
      const Act act = entries_.top().act;
      entries_.pop();
      act(at);
    }
  }

 private:
  struct Entry {
    Instant at;
    std::uint64_t order = 0;
    Act act;
    bool operator<(const Entry& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  std::priority_queue<Entry> entries_;
  std::uint64_t count_ = 0;
};

}  // namespace tilts::city_simulator
