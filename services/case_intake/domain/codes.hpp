#pragma once

#include <cstdint>

namespace tilts::case_intake {

// The closed lists of tilts.codes.v1 as the domain knows them. The numbers are the contract's (a unit
// test compares them with the descriptors), so that the app converts by value.
enum class Stream { kUnspecified = 0, kPmp = 1, kViolence = 2, kRights = 3 };

enum class Concern {
  kUnspecified = 0,
  kUnexcusedAbsence = 1,
  kFailing = 2,
  kRepetition = 3,
  kMotivation = 4,
  kBehaviour = 5,
  kAdaptation = 6,
  kConflict = 7,
  kFamily = 8,
  kEconomic = 9,
  kSupportNeed = 10,
  kPhysical = 20,
  kEmotional = 21,
  kSexual = 22,
  kCyber = 23,
  kEconomicViolence = 24,
  kNeglect = 25,
  kBegging = 40,
  kRunaway = 41,
  kSubstances = 42,
  kAbandoned = 43,
  kSuicideSigns = 44,
  kNotEnrolled = 45,
  kOther = 99,
};

enum class Relation { kUnspecified = 0, kPeer = 1, kAdultChild = 2, kChildAdult = 3, kFamily = 4 };

enum class Place { kUnspecified = 0, kClass = 1, kSchool = 2, kFamily = 3, kInternet = 4, kElsewhere = 5 };

enum class Aggravating {
  kUnspecified = 0,
  kInjury = 1,
  kWeapon = 2,
  kThreatToLife = 3,
  kSexual = 4,
  kRepeated = 5,
  kGroup = 6,
  kSeveralInstitutions = 7,
  kParentsUncooperative = 8,
};

enum class Role {
  kUnspecified = 0,
  kSubject = 1,
  kVictim = 2,
  kAllegedOffender = 3,
  kWitness = 4,
  kReporter = 5,
  kParent = 6,
  kAdultInvolved = 7,
};

enum class Urgency { kUnspecified = 0, kRoutine = 1, kUrgent = 2, kImminent = 3 };

enum class CaseState {
  kUnspecified = 0,
  kOpen = 1,
  kInCooperation = 2,
  kMonitoring = 3,
  kClosed = 4,
  kMerged = 5,
  kEnteredInError = 6,
};

enum class Outcome {
  kUnspecified = 0,
  kResolved = 1,
  kNotConfirmed = 2,
  kHandedOver = 3,
  kLeftTerritory = 4,
  kUnresolved = 5,
};

// Only the kinds that can be a coordinator; every other kind is itself.
enum class InstitutionKind { kUnspecified = 0, kIksd = 1, kSocialService = 3, kSchool = 20, kOtherMunicipality = 24 };

// A file that still takes reports.
constexpr bool IsOpen(CaseState state) {
  return state == CaseState::kOpen || state == CaseState::kInCooperation || state == CaseState::kMonitoring;
}

// Which stream a concern belongs to; kUnspecified for OTHER.
constexpr Stream StreamOf(Concern concern) {
  const int number = static_cast<int>(concern);
  if (number >= 1 && number <= 19) return Stream::kPmp;
  if (number >= 20 && number <= 39) return Stream::kViolence;
  if (number >= 40 && number <= 59) return Stream::kRights;
  return Stream::kUnspecified;
}

inline constexpr std::uint32_t kHighestLevel = 3;

}  // namespace tilts::case_intake
