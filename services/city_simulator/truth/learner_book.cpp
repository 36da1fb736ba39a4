#include "city_simulator/truth/learner_book.hpp"

#include <algorithm>

#include "city_simulator/city/report_plan.hpp"
#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {

LearnerBook::LearnerBook(risk::v1::Card card, std::vector<ClosedDay> school_days)
    : card_(std::move(card)), school_days_(std::move(school_days)) {
  closed_.reserve(school_days_.size());
}

bool LearnerBook::IsKnown(const std::string& school, const std::string& pupil_number, int day) const {
  const auto known = known_from_.find({school, pupil_number});
  return known != known_from_.end() && known->second <= day;
}

LearnerBook::Fate LearnerBook::Take(unsigned learner, const std::string& pupil_number, const PlainFact& fact,
                                    const std::string& record_id) {
  sent_.Add(pupil_number, fact, record_id);
  if (fact.kind == FactKind::kEnrolment) {
    known_from_.emplace(std::make_pair(fact.school, pupil_number), fact.day);
    histories_[learner].Take(fact);
    std::erase_if(held_, [&](const Waiting& waiting) {
      if (!IsKnown(waiting.fact.school, waiting.pupil_number, waiting.fact.day)) return false;
      histories_[waiting.learner].Take(waiting.fact);
      return true;
    });
    return Fate::kAccepted;
  }
  if (!IsKnown(fact.school, pupil_number, fact.day)) {
    held_.push_back({learner, pupil_number, fact});
    return Fate::kHeld;
  }
  if (histories_[learner].Take(fact)) conflicts_.insert({record_id, fact.revision});
  return Fate::kAccepted;
}

std::optional<Day> LearnerBook::next_close() const {
  if (closed_.size() == school_days_.size()) return std::nullopt;
  return DayOf(school_days_[closed_.size()].day);
}

std::vector<LearnerBook::Said> LearnerBook::CloseNext() {
  closed_.push_back(school_days_[closed_.size()]);
  std::vector<Said> all;
  for (const auto& [learner, history] : histories_) {
    Said said{learner, evenings_[learner].Close({card_, closed_, history})};
    if (!said.what.proposals.empty() || !said.what.limits.empty()) all.push_back(std::move(said));
  }
  return all;
}

bool LearnerBook::Spoil() {
  for (auto& [learner, evenings] : evenings_) {
    if (evenings.score().tier == 0) continue;
    evenings.Spoil();
    return true;
  }
  return false;
}

std::vector<ClosedDay> DaysToClose(Day first, Day last) {
  std::vector<ClosedDay> days;
  for (Day day = SchoolDays(first, 1).front(); day <= last; day = SchoolDays(day + std::chrono::days{1}, 1).front()) {
    const auto semester = SemesterOf(day);
    if (!semester) continue;
    days.push_back({NumberOf(day), semester->school_year, semester->number, NumberOf(semester->from),
                    NumberOf(semester->year_from)});
  }
  return days;
}

}  // namespace tilts::city_simulator
