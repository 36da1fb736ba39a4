#include "case_intake/domain/decide_tier.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace tilts::case_intake {
namespace {

constexpr std::size_t kLongestRole = 40;

// A code, so that no text can travel in it.
bool IsRole(std::string_view role) {
  return role.size() <= kLongestRole && std::all_of(role.begin(), role.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

struct TierRange {
  std::uint32_t lowest = 0;
  std::uint32_t highest = 0;  // 0: no tier is sent
};

TierRange RangeOf(TierMove move) {
  switch (move) {
    case TierMove::kLower: return {kUniversalTier, kTargetedTier};
    case TierMove::kNominate: return {kTargetedTier, kCaseTier};
    case TierMove::kUnspecified:
    case TierMove::kConfirm:
    case TierMove::kDecline: return {};
  }
  return {};
}

// Everything that is wrong at once, so that the sender corrects it in one go.
class Complaints {
 public:
  void Add(const char* field, const char* code, std::string message) {
    error_.violations.push_back({field, code, std::move(message)});
  }
  core::Status Finish() && {
    if (error_.violations.empty()) return {};
    return core::Fail(std::move(error_));
  }

 private:
  core::Error error_{
      core::Errc::kInvalid, "The decision cannot be read; correct the fields named", "TIER_DECISION", {}, 0};
};

void CheckTier(const TierCommand& command, Complaints& complaints) {
  const TierRange range = RangeOf(command.move);
  if (range.highest == 0) {
    if (command.tier != 0) complaints.Add("tier", "UNEXPECTED", "Send a tier with LOWER and NOMINATE only");
  } else if (command.tier < range.lowest || command.tier > range.highest) {
    complaints.Add("tier", command.tier == 0 ? "REQUIRED" : "OUT_OF_RANGE",
                   "Use " + std::to_string(range.lowest) + " or " + std::to_string(range.highest));
  }
}

void CheckDigest(const TierCommand& command, Complaints& complaints) {
  const bool nominates = command.move == TierMove::kNominate;
  if (nominates && !command.material_digest.empty()) {
    complaints.Add("material_digest", "UNEXPECTED", "A nomination stands by itself; leave the digest out");
  }
  if (!nominates && command.material_digest.empty()) {
    complaints.Add("material_digest", "REQUIRED", "Read the proposal and send its digest");
  }
}

core::Status CheckProposal(const PupilTier& state, const TierCommand& command) {
  if (command.move == TierMove::kNominate) {
    if (!state.Open() || command.tier >= state.proposal.tier) return {};
    return core::Fail(core::Errc::kRefused, "A higher tier is proposed; read it and confirm, lower or decline it",
                      "TIER_PROPOSED");
  }
  if (!state.Open()) {
    return core::Fail(core::Errc::kRefused, "No proposal waits for a decision; read the list again",
                      "TIER_NOT_PROPOSED");
  }
  if (command.material_digest != state.proposal.material_digest) {
    return core::Fail(core::Errc::kConflict, "The proposal changed since it was read; read it again and decide anew",
                      "TIER_STALE");
  }
  if (command.move == TierMove::kLower && command.tier >= state.proposal.tier) {
    return core::Fail(core::Errc::kRefused, "Lower means a tier below the proposed one; use CONFIRM for the same",
                      "TIER_NOT_LOWER");
  }
  return {};
}

std::uint32_t TierAfter(const PupilTier& state, const TierCommand& command) {
  if (command.move == TierMove::kConfirm) return state.proposal.tier;
  return command.move == TierMove::kDecline ? kUniversalTier : command.tier;
}

}  // namespace

PupilTier Propose(PupilTier state, const core::InstitutionId& institution, TierProposal proposal) {
  if (proposal.sequence <= state.proposal.sequence) return state;
  state.institution = institution;
  state.proposal = std::move(proposal);
  return state;
}

core::Status CheckTierCommand(const TierCommand& command) {
  Complaints complaints;
  if (command.move == TierMove::kUnspecified) {
    complaints.Add("decision", "REQUIRED", "Use CONFIRM, LOWER, DECLINE or NOMINATE");
  } else {
    CheckTier(command, complaints);
    CheckDigest(command, complaints);
  }
  if (command.reason == TierReason::kUnspecified) complaints.Add("reason", "REQUIRED", "Say why in a code");
  if (command.reason == TierReason::kOther && command.note.empty()) {
    complaints.Add("note", "REQUIRED", "Say the other reason in a note");
  }
  if (command.role.empty()) {
    complaints.Add("role", "REQUIRED", "Say who decides, such as social-pedagogue");
  } else if (!IsRole(command.role)) {
    complaints.Add("role", "FORMAT", "Use 1 to 40 of the characters a-z 0-9 -");
  }
  return std::move(complaints).Finish();
}

core::Result<TierDecision> DecideTier(const PupilTier& state, const TierCommand& command) {
  TILTS_CHECK(CheckTierCommand(command));
  TILTS_CHECK(CheckProposal(state, command));
  const bool answers = state.Open();
  TierDecision decision;
  decision.proposed_tier = answers ? state.proposal.tier : 0;
  PupilTier& after = decision.after;
  after = state;
  after.institution = command.institution;
  ++after.sequence;
  after.verdict = {.move = command.move,
                   .tier = TierAfter(state, command),
                   .reason = command.reason,
                   .role = command.role,
                   .institution = command.institution,
                   .at = command.now,
                   .material_digest = answers ? state.proposal.material_digest : state.verdict.material_digest,
                   .note = command.note,
                   .case_id = {}};
  decision.opens_case = after.verdict.tier == kCaseTier;
  if (decision.opens_case)
    decision.concerns = ConcernsOf(answers ? state.proposal.domains : std::vector<std::string>());
  return decision;
}

std::set<Concern> ConcernsOf(const std::vector<std::string>& domains) {
  static const std::map<std::string, Concern, std::less<>> kConcernOfDomain = {
      {"attendance", Concern::kUnexcusedAbsence}, {"marks", Concern::kFailing},
      {"repetition", Concern::kRepetition},       {"behaviour", Concern::kBehaviour},
      {"mobility", Concern::kAdaptation},
  };
  std::set<Concern> concerns;
  for (const std::string& domain : domains) {
    if (const auto found = kConcernOfDomain.find(domain); found != kConcernOfDomain.end())
      concerns.insert(found->second);
  }
  if (concerns.empty()) concerns.insert(Concern::kMotivation);
  return concerns;
}

}  // namespace tilts::case_intake
