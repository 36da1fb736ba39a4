#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "city_simulator/play/witness.hpp"

namespace tilts::city_simulator {

// Each institution's feed: what it has to say by the simulator's computation, and what it said.
class Feeds {
 public:
  void Expect(const ExpectedNotice& notice) { expected_[notice.institution].insert(notice.text); }
  // Where each feed stands before the run; what is behind it belongs to others. Empty: read.
  std::string Mark(Api& api, const Parties& parties);
  // Reads every feed from its mark to its end: no gap in the cursors, everything expected and nothing else. Answers and
  // escalations are counted from what their addressees read here.
  void Compare(Api& api, const Parties& parties, const World& world, Witness& witness, Ledger& ledger);

 private:
  struct Page;
  std::map<std::string, std::multiset<std::string>> expected_;
  std::map<std::string, std::uint64_t> marks_;
};

}  // namespace tilts::city_simulator
