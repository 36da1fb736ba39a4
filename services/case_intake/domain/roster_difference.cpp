#include "case_intake/domain/roster_difference.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace tilts::case_intake {
namespace {

class Comparison {
 public:
  Comparison(const std::vector<Enrolment>& known, Day day,
             const std::function<std::string(std::size_t, Day)>& record_of)
      : known_(known), day_(day), record_of_(record_of) {
    for (const Enrolment& one : known) {
      by_person_[one.person_id].push_back(one);
      by_record_[one.record_id] = &one;
    }
  }

  void Look(std::size_t index, const RosterPupil& pupil) {
    seen_.insert(pupil.person_id);
    const auto found = by_person_.find(pupil.person_id);
    const Enrolment* current = found == by_person_.end() ? nullptr : EnrolledOn(found->second, day_);
    if (current != nullptr) return LookAtCurrent(index, pupil, *current);
    if (found != by_person_.end() && std::any_of(found->second.begin(), found->second.end(), [this](const auto& one) {
          return one.as_of > day_ || (!one.withdrawn && one.from > day_);
        })) {
      return Keep(index);
    }
    Start(index, pupil);
  }

  void LookForMissing(bool complete) {
    for (const Enrolment& one : known_) {
      const bool missing = one.Covers(day_) && one.to == 0 && !seen_.contains(one.person_id);
      if (!missing || one.as_of > day_) continue;
      if (!complete) {
        result_.endings_skipped = true;
        continue;
      }
      Enrolment after = Next(one);
      after.to = std::max(one.from, day_ - 1);
      after.end_reason = EndReason::kUnknown;
      result_.ended.push_back(std::move(after));
    }
  }

  RosterDifference Take() { return std::move(result_); }

 private:
  void LookAtCurrent(std::size_t index, const RosterPupil& pupil, const Enrolment& current) {
    const bool other_stage = pupil.stage != Stage::kUnspecified && pupil.stage != current.stage;
    const bool other_grade = pupil.grade != 0 && pupil.grade != current.grade;
    if (!other_stage && !other_grade) {
      ++result_.unchanged;
      result_.confirmed.push_back(current.record_id);
      return;
    }
    if (current.as_of > day_) return Keep(index);
    Enrolment after = Next(current);
    if (other_stage) after.stage = pupil.stage;
    if (other_grade) after.grade = pupil.grade;
    result_.changed.push_back(std::move(after));
  }

  void Start(std::size_t index, const RosterPupil& pupil) {
    Day from = pupil.from == 0 ? day_ : pupil.from;
    const Enrolment* same = Find(record_of_(index, from));
    const bool may_go_on = same != nullptr && (same->withdrawn || same->end_reason == EndReason::kUnknown);
    if (!may_go_on && (same != nullptr || Overlaps(pupil.person_id, from))) {
      from = day_;
      same = Find(record_of_(index, from));
    }
    Enrolment after;
    if (same != nullptr) after = Next(*same);
    after.record_id = record_of_(index, from);
    after.person_id = pupil.person_id;
    after.from = from;
    after.to = 0;
    after.end_reason = EndReason::kUnspecified;
    after.stage = pupil.stage;
    after.grade = pupil.grade;
    after.revision = same == nullptr ? 1 : same->revision + 1;
    after.as_of = day_;
    result_.started.push_back(std::move(after));
  }

  bool Overlaps(const std::string& person_id, Day from) const {
    const auto found = by_person_.find(person_id);
    return found != by_person_.end() &&
           std::any_of(found->second.begin(), found->second.end(),
                       [from](const auto& one) { return !one.withdrawn && from <= one.to; });
  }

  const Enrolment* Find(const std::string& record_id) const {
    const auto found = by_record_.find(record_id);
    return found == by_record_.end() ? nullptr : found->second;
  }

  Enrolment Next(const Enrolment& before) const {
    Enrolment after = before;
    after.revision = before.revision + 1;
    after.withdrawn = false;
    after.as_of = day_;
    return after;
  }

  void Keep(std::size_t index) {
    ++result_.unchanged;
    result_.kept.push_back(index);
  }

  const std::vector<Enrolment>& known_;
  const Day day_;
  const std::function<std::string(std::size_t, Day)>& record_of_;
  std::map<std::string, std::vector<Enrolment>> by_person_;
  std::map<std::string, const Enrolment*> by_record_;
  std::set<std::string> seen_;
  RosterDifference result_;
};

}  // namespace

RosterDifference DifferenceOf(const std::vector<Enrolment>& known, const std::vector<RosterPupil>& pupils, Day day,
                              bool complete, const std::function<std::string(std::size_t, Day)>& record_of) {
  Comparison comparison(known, day, record_of);
  for (std::size_t i = 0; i < pupils.size(); ++i) comparison.Look(i, pupils[i]);
  comparison.LookForMissing(complete);
  return comparison.Take();
}

}  // namespace tilts::case_intake
