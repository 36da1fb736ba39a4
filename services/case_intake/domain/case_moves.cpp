#include "case_intake/domain/case_moves.hpp"

#include "case_intake/domain/record_event.hpp"

namespace tilts::case_intake {
namespace {

tl::unexpected<core::Error> RefuseState(const Case& current) {
  return core::Fail(core::Errc::kRefused,
                    std::string("The case is ") +
                        (current.state == CaseState::kMerged ? "merged into another" : "not open any more") +
                        "; read it again for the moves it allows",
                    "CASE_STATE");
}

}  // namespace

std::vector<std::string> AvailableMoves(const Case& current) {
  std::vector<std::string> moves;
  if (!IsOpen(current.state)) return moves;
  if (current.facts.level < kHighestLevel) moves.emplace_back("RAISE_LEVEL");
  if (current.open_referrals == 0) moves.emplace_back("CLOSE");
  return moves;
}

std::string Etag(const Case& current) {
  return std::to_string(current.version);
}

core::Status CheckEtag(const Case& current, std::string_view etag) {
  if (etag.empty()) {
    core::Error error{core::Errc::kInvalid, "Send the etag of the case as you last read it", "ETAG_REQUIRED", {}, 0};
    error.violations.push_back({"etag", "REQUIRED", "Read the case and send its etag"});
    return core::Fail(std::move(error));
  }
  if (etag != Etag(current)) {
    return core::Fail(core::Errc::kConflict, "The case has changed since it was read; read it again and decide anew",
                      "ETAG_MISMATCH");
  }
  return {};
}

core::Result<Decision> RaiseLevel(const Case& current, std::uint32_t level) {
  if (level == 0 || level > kHighestLevel) {
    core::Error error{core::Errc::kInvalid, "The level is one of 1, 2, 3", "LEVEL_OUT_OF_RANGE", {}, 0};
    error.violations.push_back({"level", "OUT_OF_RANGE", "Use 1, 2 or 3"});
    return core::Fail(std::move(error));
  }
  if (!IsOpen(current.state)) return RefuseState(current);
  if (level <= current.facts.level) {
    return core::Fail(core::Errc::kRefused, "A level is raised, never lowered; the case has this level or a higher one",
                      "LEVEL_NOT_HIGHER");
  }
  Decision decision;
  decision.after = current;
  decision.after.facts.level = level;
  Record(decision, CaseFactsChanged{decision.after.facts, decision.after.subject});
  return decision;
}

core::Result<Decision> CloseCase(const Case& current, Outcome outcome, const std::vector<AttachedReport>& reports,
                                 core::CityTime now) {
  if (outcome == Outcome::kUnspecified) {
    core::Error error{core::Errc::kInvalid, "A case is closed with an outcome", "OUTCOME_REQUIRED", {}, 0};
    error.violations.push_back({"outcome", "REQUIRED", "Name the outcome"});
    return core::Fail(std::move(error));
  }
  if (!IsOpen(current.state)) return RefuseState(current);
  if (current.open_referrals > 0) {
    return core::Fail(core::Errc::kRefused, "The case has open referrals; wait for their outcome or cancel them first",
                      "OPEN_REFERRALS");
  }
  Decision decision;
  decision.after = current;
  decision.after.state = CaseState::kClosed;
  decision.after.outcome = outcome;
  decision.after.closed_at = now;
  Record(decision, CaseStateChanged{CaseState::kClosed, outcome, {}});
  for (const AttachedReport& report : reports) {
    Record(decision, ReportOutcome{report.report, report.reporter, outcome});
  }
  return decision;
}

Decision FollowReferral(const Case& current, const std::optional<ReferralPicture>& known, const ReferralPicture& now) {
  Decision decision;
  decision.after = current;
  if (known && now.sequence <= known->sequence) return decision;
  const bool was_open = known && known->open;
  if (now.open && !was_open) ++decision.after.open_referrals;
  if (!now.open && was_open && decision.after.open_referrals > 0) --decision.after.open_referrals;

  CaseState state = current.state;
  const bool somebody_works = now.open && now.accepted;
  if (somebody_works && (state == CaseState::kOpen || state == CaseState::kMonitoring))
    state = CaseState::kInCooperation;
  if (state == CaseState::kInCooperation && decision.after.open_referrals == 0) state = CaseState::kMonitoring;
  if (state != current.state) {
    decision.after.state = state;
    Record(decision, CaseStateChanged{state, Outcome::kUnspecified, {}});
  } else if (decision.after.open_referrals != current.open_referrals) {
    ++decision.after.version;
    decision.changed = true;
  }
  return decision;
}

}  // namespace tilts::case_intake
