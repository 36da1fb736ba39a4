#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/strong_id.hpp"

namespace tilts::case_intake {

// tilts.codes.v1.TierDecision and TierDecisionReason; the numbers are the contract's (a unit test compares them).
enum class TierMove { kUnspecified = 0, kConfirm = 1, kLower = 2, kDecline = 3, kNominate = 4 };
enum class TierReason {
  kUnspecified = 0,
  kEvidenceHolds = 1,
  kAlreadySupported = 2,
  kRecordWrong = 3,
  kTemporary = 4,
  kOtherHelpFits = 5,
  kNotSeenByRecords = 6,
  kOther = 99,
};

inline constexpr std::uint32_t kUniversalTier = 1;  // everybody's
inline constexpr std::uint32_t kTargetedTier = 2;   // the lowest that is proposed
inline constexpr std::uint32_t kCaseTier = 3;       // confirmed, it opens or joins a PMP case

// What the score proposes. Tier 0: it never proposed anything; 1: nothing any more.
struct TierProposal {
  core::EventId id{};
  std::uint64_t sequence = 0;
  std::uint32_t tier = 0;
  std::int32_t points = 0;
  std::string material_digest{};  // equal digests: nothing material changed
  std::int32_t as_of_day = 0;     // days since 1970-01-01
  std::string card_id{};
  std::uint32_t card_version = 0;
  std::vector<std::string> domains{};  // of the contributions with points
  core::CityTime at{};

  bool operator==(const TierProposal&) const = default;
};

// What a person made of it. kUnspecified: nobody decided yet.
struct TierVerdict {
  TierMove move = TierMove::kUnspecified;
  std::uint32_t tier = 0;
  TierReason reason = TierReason::kUnspecified;
  std::string role{};
  core::InstitutionId institution{};
  core::CityTime at{};
  std::string material_digest{};  // of the proposal it answered; empty: there was none
  core::NoteId note{};
  core::CaseId case_id{};

  bool operator==(const TierVerdict&) const = default;
};

// A pupil's proposal and the decision in force.
struct PupilTier {
  core::PersonId pupil{};
  core::InstitutionId institution{};  // the school whose turn it is
  TierProposal proposal{};
  TierVerdict verdict{};
  std::uint64_t sequence = 0;  // of the last decision, without gaps

  bool Decided() const { return verdict.move != TierMove::kUnspecified; }
  // The proposal waits for a decision: nobody answered the evidence it rests on.
  bool Open() const {
    return proposal.tier >= kTargetedTier && !(Decided() && verdict.material_digest == proposal.material_digest);
  }
  // There is a decision, but of other evidence; it stays in force until the next one.
  bool Reopened() const { return Decided() && Open(); }

  bool operator==(const PupilTier&) const = default;
};

}  // namespace tilts::case_intake
