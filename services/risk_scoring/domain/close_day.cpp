#include "risk_scoring/domain/close_day.hpp"

#include <algorithm>
#include <charconv>

#include "risk_scoring/domain/measures.hpp"

namespace tilts::risk_scoring {
namespace {

std::uint64_t NumberOf(const std::string& digest) {
  std::uint64_t number = 0;
  std::from_chars(digest.data(), digest.data() + digest.size(), number, 16);
  return number;
}

// Takes the proposal back when the pupil left; the school that had it hears.
std::optional<Proposal> ProposeForLeaver(const PupilState& state, const AsOf& as_of, const Assessment& assessment) {
  if (state.proposal.tier < 2) return std::nullopt;
  Proposal proposal{.tier = 1, .previous_tier = state.proposal.tier, .material_digest = {}, .by_factor = {}};
  proposal.assessment.abstention = assessment.abstention;
  proposal.assessment.tier = 1;
  proposal.assessment.institution = state.proposal.institution;
  proposal.material_digest = MaterialDigest(*as_of.card, proposal.assessment);
  return proposal;
}

std::optional<Proposal> Propose(const PupilState& state, const AsOf& as_of, const Assessment& assessment) {
  if (assessment.abstention == Abstention::kNotEnrolled) return ProposeForLeaver(state, as_of, assessment);
  if (assessment.abstention != Abstention::kNone) return std::nullopt;
  const LastProposal& last = state.proposal;
  if (assessment.tier == 1 && last.tier == 1) return std::nullopt;
  Proposal proposal{.tier = assessment.tier,
                    .previous_tier = last.tier,
                    .material_digest = MaterialDigest(*as_of.card, assessment),
                    .assessment = assessment,
                    .by_factor = {}};
  const bool same = assessment.tier == last.tier && assessment.institution == last.institution &&
                    NumberOf(proposal.material_digest) == last.digest;
  if (same) return std::nullopt;
  for (std::size_t i = 0; i < assessment.factors; ++i) {
    const bool reached = assessment.by_factor[i].bin_points > 0;
    const Measure measure = as_of.card->card().factors[i].measure;
    proposal.by_factor.push_back(reached ? EvidenceFor(state, as_of, measure) : Evidence{});
  }
  return proposal;
}

SemesterCrossings* FindCrossings(PupilState& state, const Semester& semester) {
  const auto found = std::find_if(state.crossings.begin(), state.crossings.end(), [&](const SemesterCrossings& entry) {
    return entry.school_year == semester.school_year && entry.semester == semester.number;
  });
  return found == state.crossings.end() ? nullptr : &*found;
}

SemesterCrossings& AddCrossings(PupilState& state, const Semester& semester) {
  SemesterCrossings entry{.school_year = static_cast<std::uint16_t>(semester.school_year),
                          .semester = static_cast<std::uint8_t>(semester.number)};
  const auto place = std::find_if(state.crossings.begin(), state.crossings.end(),
                                  [&](const SemesterCrossings& other) { return entry.Key() < other.Key(); });
  return *state.crossings.insert(place, entry);
}

// The school that hears: where the pupil is enrolled, else where the semester's latest record came from, else the one
// that heard of the crossing.
InstitutionIndex Addressee(const PupilState& state, const Semester& semester, const Assessment& assessment,
                           const SemesterCrossings* known) {
  if (assessment.institution) return *assessment.institution;
  const AttendanceEntry* latest = LatestRecord(state, semester.from_day, semester.last_closed_day);
  if (latest != nullptr) return latest->institution;
  return known == nullptr ? InstitutionIndex{0} : known->institution;
}

std::optional<LimitEvent> LookAtLimit(PupilState& state, const AsOf& as_of, const Semester& semester,
                                      const Assessment& assessment) {
  const std::int32_t lessons =
      UnexcusedLessons(state, semester.from_day, semester.last_closed_day, as_of.unknown_before);
  const bool above = IsAboveLimit(*as_of.card, lessons);
  SemesterCrossings* known = FindCrossings(state, semester);
  const bool stands = known != nullptr && known->stands;
  if (above == stands) return std::nullopt;
  const InstitutionIndex institution = Addressee(state, semester, assessment, known);
  SemesterCrossings& crossings = known != nullptr ? *known : AddCrossings(state, semester);
  crossings.stands = above;
  if (above) {
    ++crossings.crossings;
    crossings.institution = institution;
  }
  LimitEvent event{.crossed = above,
                   .institution_id = state.institutions[institution],
                   .school_year = semester.school_year,
                   .semester = semester.number,
                   .lessons = static_cast<unsigned>(lessons),
                   .crossing = crossings.crossings,
                   .evidence = {}};
  if (above) {
    event.evidence = UnexcusedEvidence(state, semester.from_day, semester.last_closed_day, as_of.unknown_before);
  }
  return event;
}

}  // namespace

Outcome CloseDay(PupilState& state, const AsOf& as_of) {
  Outcome outcome;
  outcome.state_changed = DropBefore(state, as_of.day.school_year - 1);
  MoveSums(state, as_of);
  const Assessment assessment = Evaluate(state, as_of);
  outcome.proposal = Propose(state, as_of, assessment);
  if (outcome.proposal) {
    Proposal& proposal = *outcome.proposal;
    proposal.institution_id = InstitutionOf(state, proposal.assessment);
    state.proposal = {.tier = static_cast<std::uint8_t>(proposal.tier),
                      .digest = NumberOf(proposal.material_digest),
                      .institution = proposal.assessment.institution};
  }
  const auto look = [&](const Semester& semester) {
    std::optional<LimitEvent> event = LookAtLimit(state, as_of, semester, assessment);
    if (event) outcome.limits.push_back(*std::move(event));
  };
  if (as_of.previous) look(*as_of.previous);
  look({as_of.day.school_year, as_of.day.semester, as_of.day.semester_from_day, as_of.day.day});
  outcome.state_changed = outcome.state_changed || outcome.proposal || !outcome.limits.empty();
  return outcome;
}

}  // namespace tilts::risk_scoring
