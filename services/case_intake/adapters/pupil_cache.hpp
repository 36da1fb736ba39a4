#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "case_intake/domain/fact_kinds.hpp"

namespace tilts::case_intake {

// Whose number it is on some days (both ends included), and the enrolment last seen there (from > to: none was).
struct PupilEntry {
  std::string person_id;
  std::string statistics_id;
  Day from = 0;
  Day to = 0;
  Day enrolled_from = 1;
  Day enrolled_to = 0;

  bool HoldsOn(Day day) const { return from <= day && day <= to; }
  bool EnrolledOn(Day day) const { return enrolled_from <= day && day <= enrolled_to; }
};

// The pupil numbers used last. Bounded by numbers; holds random ids and numbers in memory only. Thread-safe.
class PupilCache {
 public:
  explicit PupilCache(std::size_t capacity) : capacity_(capacity) {}

  std::optional<PupilEntry> Find(const std::string& institution_id, const std::string& pupil_number, Day day);
  void Put(const std::string& institution_id, const std::string& pupil_number, const PupilEntry& entry);
  // Keeps the enrolment seen, for the entry that holds on the day.
  void PutEnrolled(const std::string& institution_id, const std::string& pupil_number, Day day, Day from, Day to);
  // Something about the number changed: ask again.
  void Forget(const std::string& institution_id, const std::string& pupil_number);
  std::size_t size() const;

 private:
  // A number has one entry a school year; more of them are not asked for together.
  static constexpr std::size_t kMostEntries = 3;
  using Slot = std::pair<std::string, std::vector<PupilEntry>>;

  static std::string KeyOf(const std::string& institution_id, const std::string& pupil_number);
  std::vector<PupilEntry>* Touch(const std::string& key);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::list<Slot> slots_;  // the last used first
  std::unordered_map<std::string, std::list<Slot>::iterator> by_key_;
};

}  // namespace tilts::case_intake
