#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "risk_scoring/domain/day_bits.hpp"
#include "risk_scoring/domain/fact.hpp"
#include "risk_scoring/domain/pupil_entries.hpp"
#include "risk_scoring/domain/running_sums.hpp"

namespace tilts::risk_scoring {

// What was last proposed for the pupil.
struct LastProposal {
  std::uint8_t tier = 1;
  std::uint64_t digest = 0;  // first 8 bytes of the material digest; 0 before the first proposal
  std::optional<InstitutionIndex> institution;

  bool operator==(const LastProposal&) const = default;
};

// Everything kept about one pupil: a value. Entries are sorted by their keys, so that the same facts in any order and
// number give the same value and the same bytes. The pupil's id is the key it is stored under and not part of it.
struct PupilState {
  std::vector<std::string> institutions;  // sorted; entries name them by index
  std::vector<std::string> subjects;      // sorted
  std::vector<EnrolmentEntry> enrolments;
  std::vector<AttendanceEntry> attendance;
  std::vector<ResultEntry> results;
  std::vector<RepetitionEntry> repetitions;
  std::vector<BehaviourEntry> behaviour;
  LastProposal proposal;
  std::vector<SemesterCrossings> crossings;

  // Derived from the above, not encoded.
  DayBits recorded_days;  // with an attendance record that counts
  RunningSums sums;

  bool empty() const { return institutions.empty(); }
  bool operator==(const PupilState& other) const;
};

enum class Applied {
  kChanged,
  kStale,    // a greater revision of the record is known
  kSame,     // this revision with this contribution is known
  kConflict  // this revision with another contribution is known; the smaller one stays, whichever came first
};

// Takes in a fact that CheckFact accepts. On kConflict the state may have changed too. Of two contributions of one
// revision the smaller tuple stays: (withdrawn, then the fields in the contract's order).
Applied Apply(PupilState& state, const Fact& fact);

// Drops attendance, results, behaviour and crossings of school years before `first_school_year`, and names nothing uses
// any more; false: there was nothing. Enrolments and repetitions are few and stay, because school changes and
// repetitions look back without end; so do withdrawn incidents, which have no day.
bool DropBefore(PupilState& state, int first_school_year);

// Canonical bytes with a version and a checksum: equal states have equal bytes. kCorrupt when they are not ours.
std::string Encode(const PupilState& state);
core::Result<PupilState> DecodePupilState(std::string_view bytes);

}  // namespace tilts::risk_scoring
