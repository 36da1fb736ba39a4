#include "case_intake/adapters/pupil_cache.hpp"

#include <algorithm>

#include "crypto/blind_index.hpp"

namespace tilts::case_intake {

std::string PupilCache::KeyOf(const std::string& institution_id, const std::string& pupil_number) {
  return institution_id + "\n" + crypto::NormaliseIdentifier(pupil_number);
}

std::vector<PupilEntry>* PupilCache::Touch(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  slots_.splice(slots_.begin(), slots_, found->second);
  return &found->second->second;
}

std::optional<PupilEntry> PupilCache::Find(const std::string& institution_id, const std::string& pupil_number,
                                           Day day) {
  const std::string key = KeyOf(institution_id, pupil_number);
  const std::lock_guard lock(mutex_);
  const std::vector<PupilEntry>* entries = Touch(key);
  if (entries == nullptr) return std::nullopt;
  for (const PupilEntry& entry : *entries) {
    if (entry.HoldsOn(day)) return entry;
  }
  return std::nullopt;
}

void PupilCache::Put(const std::string& institution_id, const std::string& pupil_number, const PupilEntry& entry) {
  const std::string key = KeyOf(institution_id, pupil_number);
  const std::lock_guard lock(mutex_);
  std::vector<PupilEntry>* entries = Touch(key);
  if (entries == nullptr) {
    slots_.emplace_front(key, std::vector<PupilEntry>());
    by_key_[key] = slots_.begin();
    entries = &slots_.front().second;
  }
  // The newer answer holds where two would.
  std::erase_if(*entries, [&](const PupilEntry& old) { return old.from <= entry.to && entry.from <= old.to; });
  if (entries->size() >= kMostEntries) entries->pop_back();
  entries->insert(entries->begin(), entry);
  if (slots_.size() <= capacity_) return;
  by_key_.erase(slots_.back().first);
  slots_.pop_back();
}

void PupilCache::PutEnrolled(const std::string& institution_id, const std::string& pupil_number, Day day, Day from,
                             Day to) {
  const std::string key = KeyOf(institution_id, pupil_number);
  const std::lock_guard lock(mutex_);
  std::vector<PupilEntry>* entries = Touch(key);
  if (entries == nullptr) return;
  for (PupilEntry& entry : *entries) {
    if (!entry.HoldsOn(day)) continue;
    entry.enrolled_from = from;
    entry.enrolled_to = to;
  }
}

void PupilCache::Forget(const std::string& institution_id, const std::string& pupil_number) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(KeyOf(institution_id, pupil_number));
  if (found == by_key_.end()) return;
  slots_.erase(found->second);
  by_key_.erase(found);
}

std::size_t PupilCache::size() const {
  const std::lock_guard lock(mutex_);
  return slots_.size();
}

}  // namespace tilts::case_intake
