#include "city_simulator/truth/evening.hpp"

#include <algorithm>

namespace tilts::city_simulator {
namespace {

struct SemesterSpan {
  unsigned number = 0;
  int from = 0;
  int through = 0;  // its last closed day so far
};

// Of the school year of the day that was closed last, in the order of time.
std::vector<SemesterSpan> SemestersOf(const AsOf& as_of) {
  std::vector<SemesterSpan> spans;
  for (const ClosedDay& closed : as_of.closed) {
    if (closed.school_year != as_of.today().school_year) continue;
    if (spans.empty() || spans.back().number != closed.semester)
      spans.push_back({closed.semester, closed.semester_from, closed.day});
    spans.back().through = closed.day;
  }
  return spans;
}

// The school that has the pupil, or had when the latest lesson of the semester was recorded.
std::string SchoolFor(const AsOf& as_of, const SemesterSpan& span) {
  if (const PlainFact* enrolment = as_of.history.EnrolmentOn(as_of.day())) return enrolment->school;
  const PlainFact* latest = nullptr;
  as_of.history.ForEach(FactKind::kAttendance, span.through, [&](const PlainFact& fact) {
    if (fact.day >= span.from && (latest == nullptr || fact.day > latest->day)) latest = &fact;
  });
  return latest == nullptr ? std::string() : latest->school;
}

}  // namespace

Evenings::Said Evenings::Close(const AsOf& as_of) {
  Said said;
  score_ = ScoreOf(as_of);
  Propose(as_of, said);
  LookAtLimits(as_of, said);
  return said;
}

void Evenings::Propose(const AsOf& as_of, Said& said) {
  Proposal proposal{score_.school, score_.tier, last_.tier, score_.points, score_.material, as_of.day()};
  if (score_.abstention == risk::v1::ABSTENTION_REASON_NOT_ENROLLED) {
    if (last_.tier < 2) return;
    // Nobody has the pupil any more: what was proposed is taken back where it was proposed.
    proposal = {last_.school, 1, last_.tier, 0, {}, as_of.day()};
  } else if (score_.abstention != risk::v1::ABSTENTION_REASON_UNSPECIFIED) {
    return;
  } else {
    const bool other = proposal.material != last_.material || proposal.school != last_.school;
    if (proposal.tier == last_.tier && !(proposal.tier >= 2 && other)) return;
  }
  last_ = proposal;
  said.proposals.push_back(std::move(proposal));
}

void Evenings::LookAtLimits(const AsOf& as_of, Said& said) {
  for (const SemesterSpan& span : SemestersOf(as_of)) {
    const int lessons = UnexcusedLessons(as_of, span.from, span.through);
    Line& line = lines_[{as_of.today().school_year, span.number}];
    const bool crossed = lessons > static_cast<int>(as_of.card.limit().lessons());
    if (crossed == line.crossed) continue;
    if (crossed) ++line.crossings;
    line.crossed = crossed;
    line.school = SchoolFor(as_of, span);
    said.limits.push_back({crossed, line.school, as_of.today().school_year, span.number, line.crossings, lessons});
  }
}

bool Evenings::limit_crossed(const std::string& school_year, unsigned semester) const {
  const auto line = lines_.find({school_year, semester});
  return line != lines_.end() && line->second.crossed;
}

std::string Evenings::limit_school(const std::string& school_year, unsigned semester) const {
  return limit_crossed(school_year, semester) ? lines_.at({school_year, semester}).school : std::string();
}

}  // namespace tilts::city_simulator
