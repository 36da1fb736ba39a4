#include "city_simulator/law/deadline_book.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>

namespace tilts::city_simulator {
namespace {

using nlohmann::json;
using std::chrono::seconds;

template <typename Number>
std::optional<Number> Optional(const json& object, const char* key) {
  return object.contains(key) ? std::optional(object.at(key).get<Number>()) : std::nullopt;
}

std::int64_t DaysOf(const Term& term) {
  if (term.by_clock()) return 0;
  return term.unit == Term::Unit::kMonths ? term.amount * 30 : term.amount;
}

}  // namespace

const char* NameOf(Clock clock) {
  switch (clock) {
    case Clock::kAcknowledge: return "acknowledge";
    case Clock::kAnswer: return "answer";
    case Clock::kOutcome: return "outcome";
  }
  return "";
}

void DeadlineBook::Read(const std::string& folder, Reading& reading) {
  using Each = std::function<void(const json&, const std::string&)>;
  const auto read_all = [&](const std::string& below, const Each& each) {
    if (!std::filesystem::is_directory(folder + below)) return reading.Complain(folder + below + " is no folder");
    for (const auto& entry : std::filesystem::directory_iterator(folder + below)) {
      if (entry.path().extension() == ".json") each(reading.File(entry.path().string()), entry.path().string());
    }
  };
  read_all("/ladders", [&](const json& object, const std::string& where) { ReadLadder(object, where, reading); });
  read_all("/policies", [&](const json& object, const std::string& where) { ReadPolicy(object, where, reading); });
}

void DeadlineBook::ReadPolicy(const json& object, const std::string& where, Reading& reading) {
  static const std::map<std::string, Term::Unit> kUnits = {{"CLOCK", Term::Unit::kClock},
                                                           {"SAME_DAY", Term::Unit::kSameDay},
                                                           {"CALENDAR_DAYS", Term::Unit::kCalendarDays},
                                                           {"WORKING_DAYS", Term::Unit::kWorkingDays},
                                                           {"MONTHS", Term::Unit::kMonths}};
  reading.KnowsOnly(object, {"id", "version", "title", "legal_basis", "acknowledge", "answer", "outcome"}, where);
  for (const Clock clock : {Clock::kAcknowledge, Clock::kAnswer, Clock::kOutcome}) {
    if (!object.contains(NameOf(clock))) continue;
    const json& entry = object.at(NameOf(clock));
    reading.KnowsOnly(entry, {"kind", "amount", "ladder"}, where);
    ClockTerm term;
    const auto unit = kUnits.find(entry.value("kind", ""));
    if (unit == kUnits.end()) {
      reading.Complain(where + ": unknown kind of term " + entry.value("kind", ""));
    } else {
      term.term.unit = unit->second;
    }
    term.term.amount = entry.value("amount", std::int64_t{0});
    term.ladder = entry.value("ladder", "");
    if (!ladders_.contains(term.ladder)) reading.Complain(where + ": unknown ladder " + term.ladder);
    policies_[object.value("id", "")][clock] = term;
  }
}

void DeadlineBook::ReadLadder(const json& object, const std::string& where, Reading& reading) {
  reading.KnowsOnly(object, {"id", "version", "title", "any_hour", "min_gap_working_days", "rungs"}, where);
  Ladder ladder;
  ladder.any_hour = object.value("any_hour", false);
  ladder.min_gap_working_days = object.value("min_gap_working_days", 0);
  for (const auto& entry : object.value("rungs", json::array())) {
    reading.KnowsOnly(entry,
                      {"id", "percent", "seconds_after_start", "seconds_after_due", "working_days_after_due",
                       "min_term_days", "audience", "reminder", "channel", "last"},
                      where);
    Rung rung;
    rung.id = entry.value("id", "");
    rung.percent = Optional<int>(entry, "percent");
    rung.seconds_after_start = Optional<std::int64_t>(entry, "seconds_after_start");
    rung.seconds_after_due = Optional<std::int64_t>(entry, "seconds_after_due");
    rung.working_days_after_due = Optional<int>(entry, "working_days_after_due");
    rung.min_term_days = entry.value("min_term_days", 0);
    for (const auto& audience : entry.value("audience", json::array()))
      rung.audience.push_back(audience.get<std::string>());
    rung.reminder = entry.value("reminder", false);
    rung.channel = entry.value("channel", 1U);
    rung.last = entry.value("last", false);
    ladder.rungs.push_back(std::move(rung));
  }
  ladders_[object.value("id", "")] = std::move(ladder);
}

const ClockTerm* DeadlineBook::TermOf(const std::string& policy, Clock clock) const {
  const auto clocks = policies_.find(policy);
  if (clocks == policies_.end()) return nullptr;
  const auto found = clocks->second.find(clock);
  return found == clocks->second.end() ? nullptr : &found->second;
}

std::vector<PlannedRung> Climb(const Ladder& ladder, const Term& term, const Running& running, Follows follows) {
  // Nothing fires at night or on a day off unless the ladder says so.
  const auto polite = [&](Instant at) { return ladder.any_hour ? at : NextOpening(at, follows); };
  const auto time_of = [&](const Rung& rung) {
    if (rung.percent) {
      const Instant share = ShareOfTerm(*rung.percent, term, running.requested, follows);
      return polite(running.paused_working_days > 0 ? OpeningAfter(share, running.paused_working_days, follows)
                                                    : share);
    }
    if (rung.seconds_after_start) return polite(running.requested + seconds{*rung.seconds_after_start});
    // Whoever was late already when this clock began to run gets the ladder's pace from then on.
    const Instant base = polite(std::max(running.due, running.since));
    if (rung.working_days_after_due.value_or(0) > 0) return OpeningAfter(base, *rung.working_days_after_due, follows);
    return polite(base + seconds{rung.seconds_after_due.value_or(0)});
  };
  // What lay before the clock began to run is over, the end of the ladder excepted.
  const auto is_over = [&](const Rung& rung, Instant at) {
    if (rung.last) return false;
    if (rung.is_due_itself()) return running.due <= running.since && running.since > running.requested;
    return at < running.since;
  };
  std::vector<PlannedRung> planned;
  for (const Rung& rung : ladder.rungs) {
    if (DaysOf(term) < rung.min_term_days) continue;
    const Instant at = time_of(rung);
    if (!is_over(rung, at)) planned.push_back({&rung, at});
  }
  std::stable_sort(planned.begin(), planned.end(),
                   [](const PlannedRung& left, const PlannedRung& right) { return left.at < right.at; });
  std::vector<PlannedRung> kept;
  for (const PlannedRung& each : planned) {
    const bool crowds = each.rung->reminder && !kept.empty() && ladder.min_gap_working_days > 0 &&
                        each.at < OpeningAfter(kept.back().at, ladder.min_gap_working_days, follows);
    if (!crowds) kept.push_back(each);
  }
  return kept;
}

}  // namespace tilts::city_simulator
