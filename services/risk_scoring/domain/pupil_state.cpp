#include "risk_scoring/domain/pupil_state.hpp"

#include <algorithm>
#include <utility>

namespace tilts::risk_scoring {
namespace {

// Takes in an entry; tells `change` of the contribution that goes (null: none was known) and the one that comes.
template <typename Entry, typename Change>
Applied Merge(std::vector<Entry>& entries, const Entry& fresh, const Change& change) {
  const auto key = fresh.Key();
  auto place = entries.end();
  if (!entries.empty() && !(entries.back().Key() < key)) {
    place = std::lower_bound(entries.begin(), entries.end(), key,
                             [](const Entry& entry, const auto& wanted) { return entry.Key() < wanted; });
  }
  if (place == entries.end() || place->Key() != key) {
    change(nullptr, fresh);
    entries.insert(place, fresh);
    return Applied::kChanged;
  }
  if (fresh.revision < place->revision) return Applied::kStale;
  const bool same_revision = fresh.revision == place->revision;
  if (same_revision && fresh.Contribution() == place->Contribution()) return Applied::kSame;
  if (!same_revision || fresh.Contribution() < place->Contribution()) {
    change(&*place, fresh);
    *place = fresh;
  }
  return same_revision ? Applied::kConflict : Applied::kChanged;
}

template <typename Entry>
Applied Merge(std::vector<Entry>& entries, const Entry& fresh) {
  return Merge(entries, fresh, [](const Entry*, const Entry&) {});
}

// Calls `visit` with every place that names an institution.
template <typename State, typename Visit>
void ForEachInstitution(State& state, const Visit& visit) {
  for (auto& entry : state.enrolments) visit(entry.institution);
  for (auto& entry : state.attendance) visit(entry.institution);
  for (auto& entry : state.results) visit(entry.institution);
  for (auto& entry : state.repetitions) visit(entry.institution);
  for (auto& entry : state.behaviour) visit(entry.institution);
  for (auto& entry : state.crossings) visit(entry.institution);
  if (state.proposal.institution) visit(*state.proposal.institution);
}

template <typename State, typename Visit>
void ForEachSubject(State& state, const Visit& visit) {
  for (auto& entry : state.results) visit(entry.subject);
}

// Index of a name, made a new one of in its place if need be: those behind it move up, and with them what names them.
template <typename Shift>
std::uint16_t IndexOf(std::vector<std::string>& names, const std::string& name, const Shift& shift) {
  const auto place = std::lower_bound(names.begin(), names.end(), name);
  const auto index = static_cast<std::uint16_t>(place - names.begin());
  if (place != names.end() && *place == name) return index;
  if (place != names.end()) shift(index);
  names.insert(place, name);
  return index;
}

std::uint16_t InstitutionOf(PupilState& state, const std::string& id) {
  return IndexOf(state.institutions, id, [&](std::uint16_t from) {
    ForEachInstitution(state,
                       [&](std::uint16_t& index) { index = static_cast<std::uint16_t>(index + (index >= from)); });
  });
}

std::uint16_t SubjectOf(PupilState& state, const std::string& code) {
  return IndexOf(state.subjects, code, [&](std::uint16_t from) {
    ForEachSubject(state, [&](std::uint16_t& index) { index = static_cast<std::uint16_t>(index + (index >= from)); });
  });
}

// Forgets names that nothing uses. `for_each` visits every place that names one.
template <typename ForEach>
void KeepUsed(std::vector<std::string>& names, const ForEach& for_each) {
  std::vector<std::uint16_t> next(names.size(), 0);
  for_each([&](const std::uint16_t& index) { next[index] = 1; });
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (next[i] == 0) continue;
    next[i] = static_cast<std::uint16_t>(kept.size());
    kept.push_back(std::move(names[i]));
  }
  for_each([&](std::uint16_t& index) { index = next[index]; });
  names = std::move(kept);
}

std::uint16_t Short(Day day) {
  return static_cast<std::uint16_t>(day);
}

bool HasOtherRecord(const std::vector<AttendanceEntry>& attendance, const AttendanceEntry& entry) {
  auto other = std::lower_bound(attendance.begin(), attendance.end(), entry.day,
                                [](const AttendanceEntry& record, std::uint16_t day) { return record.day < day; });
  for (; other != attendance.end() && other->day == entry.day; ++other) {
    if (other->institution != entry.institution && !other->withdrawn()) return true;
  }
  return false;
}

struct Taking {
  PupilState& state;
  const Fact& fact;

  std::uint16_t institution() const { return InstitutionOf(state, fact.institution_id); }

  Applied operator()(const Enrolment& said) const {
    EnrolmentEntry entry{.from_day = Short(said.from_day),
                         .institution = institution(),
                         .revision = fact.revision,
                         .withdrawn = fact.withdrawn};
    if (!fact.withdrawn) {
      entry.end_reason = said.end_reason;
      entry.stage = said.stage;
      entry.grade = said.grade;
      entry.to_day = Short(said.to_day);
    }
    return Merge(state.enrolments, entry);
  }

  Applied operator()(const Attendance& said) const {
    AttendanceEntry entry{.day = Short(said.day), .institution = institution(), .revision = fact.revision};
    if (!fact.withdrawn) {
      entry.offered = said.offered;
      entry.late = said.late;
      entry.unknown = said.unknown;
      entry.excused = said.excused;
      entry.unexcused = said.unexcused;
    }
    return Merge(state.attendance, entry, [this](const AttendanceEntry* old, const AttendanceEntry& now) {
      if (old != nullptr) state.sums.Count(*old, -1);
      state.sums.Count(now, 1);
      if (!now.withdrawn()) {
        state.recorded_days.Set(now.day);
      } else if (old != nullptr && !HasOtherRecord(state.attendance, now)) {
        state.recorded_days.Reset(now.day);
      }
    });
  }

  Applied operator()(const SubjectResult& said) const {
    ResultEntry entry{.school_year = static_cast<std::uint16_t>(SchoolYearOf(said.day)),
                      .period = said.period,
                      .institution = institution(),
                      .subject = SubjectOf(state, said.subject_code),
                      .revision = fact.revision};
    if (!fact.withdrawn) {
      entry.mark = said.mark;
      entry.day = Short(said.day);
    }
    return Merge(state.results, entry);
  }

  Applied operator()(const Repetition& said) const {
    RepetitionEntry entry{.school_year = static_cast<std::uint16_t>(SchoolYearOf(said.day)),
                          .institution = institution(),
                          .revision = fact.revision};
    if (!fact.withdrawn) {
      entry.day = Short(said.day);
      entry.grade = said.grade;
    }
    return Merge(state.repetitions, entry);
  }

  Applied operator()(const Behaviour& said) const {
    BehaviourEntry entry{.record_id = fact.record_id, .institution = institution(), .revision = fact.revision};
    if (!fact.withdrawn) {
      entry.day = Short(said.day);
      entry.kind = said.kind;
    }
    return Merge(state.behaviour, entry);
  }
};

}  // namespace

bool PupilState::operator==(const PupilState& other) const {
  return institutions == other.institutions && subjects == other.subjects && enrolments == other.enrolments &&
         attendance == other.attendance && results == other.results && repetitions == other.repetitions &&
         behaviour == other.behaviour && proposal == other.proposal && crossings == other.crossings;
}

Applied Apply(PupilState& state, const Fact& fact) {
  return std::visit(Taking{state, fact}, fact.content);
}

bool DropBefore(PupilState& state, int first_school_year) {
  const Day first_day = SchoolYearStart(first_school_year);
  std::size_t dropped = 0;
  if (!state.attendance.empty() && state.attendance.front().day < first_day) {
    dropped += std::erase_if(state.attendance, [&](const AttendanceEntry& entry) { return entry.day < first_day; });
    state.sums = {};
    state.recorded_days = {};
    for (const AttendanceEntry& entry : state.attendance) {
      if (!entry.withdrawn()) state.recorded_days.Set(entry.day);
    }
  }
  if (!state.results.empty() && state.results.front().school_year < first_school_year) {
    dropped +=
        std::erase_if(state.results, [&](const ResultEntry& entry) { return entry.school_year < first_school_year; });
  }
  dropped += std::erase_if(state.behaviour,
                           [&](const BehaviourEntry& entry) { return !entry.withdrawn() && entry.day < first_day; });
  dropped += std::erase_if(state.crossings,
                           [&](const SemesterCrossings& entry) { return entry.school_year < first_school_year; });
  if (dropped == 0) return false;
  KeepUsed(state.institutions, [&](const auto& visit) { ForEachInstitution(state, visit); });
  KeepUsed(state.subjects, [&](const auto& visit) { ForEachSubject(state, visit); });
  return true;
}

}  // namespace tilts::risk_scoring
