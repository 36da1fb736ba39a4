#pragma once

#include <string>
#include <vector>

#include "case_intake/adapters/pupil_cache.hpp"
#include "case_intake/adapters/pupil_registry.hpp"
#include "log/log.hpp"

namespace tilts::case_intake {

struct PupilQuestion {
  std::string number;
  Day day = 0;
};

struct PupilAnswer {
  enum class Kind {
    kKnown,
    kUnknown,  // nobody has that number on that day
    kUnasked,  // the registry could not be asked
  };
  Kind kind = Kind::kUnasked;
  PupilEntry pupil;
};

// Who is behind pupil numbers: the cache first, then the registry, all misses of a batch together. Numbers are asked
// for one day at a time: a batch that spans school years costs a call each, an unknown number one for each of its days.
class PupilDirectory {
 public:
  PupilDirectory(PupilRegistry& registry, std::size_t cache_entries, const log::Logger& log)
      : registry_(registry), cache_(cache_entries), log_(log) {}

  // One answer a question, in order. Never fails: what cannot be asked, or not within this many calls, is kUnasked.
  std::vector<PupilAnswer> Find(const std::string& institution_id, const std::vector<PupilQuestion>& questions,
                                const VaultCall& call, std::size_t most_calls = kCallsOfABatch);
  static constexpr std::size_t kCallsOfABatch = 8;
  PupilCache& cache() { return cache_; }

 private:
  core::Status Ask(const std::string& institution_id, const std::vector<PupilQuestion>& questions,
                   const VaultCall& call, std::vector<std::size_t>& open, std::vector<PupilAnswer>& answers);

  PupilRegistry& registry_;
  PupilCache cache_;
  const log::Logger& log_;
};

}  // namespace tilts::case_intake
