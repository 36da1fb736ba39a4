#pragma once

#include <string_view>

namespace tilts::referral_routing {

// The contract's code lists (tilts/codes/v1) by the same numbers; app/contract.cpp asserts that they agree.
enum class Stream { kUnspecified = 0, kPmp = 1, kViolence = 2, kRights = 3 };
enum class Relation { kUnknown = 0, kPeer = 1, kAdultChild = 2, kChildAdult = 3, kFamily = 4 };
enum class Urgency { kUnspecified = 0, kRoutine = 1, kUrgent = 2, kImminent = 3 };
enum class ReferralKind { kUnspecified = 0, kAct = 1, kInform = 2 };
enum class Duty { kUnspecified = 0, kExclusive = 1, kReplaceable = 2 };

enum class ReferralState {
  kUnspecified = 0,
  kDraft = 1,
  kRequested = 2,
  kReceived = 3,
  kAccepted = 4,
  kInProgress = 5,
  kOnHold = 6,
  kCompleted = 7,
  kRejected = 8,
  kFailed = 9,
  kCancelled = 10,
  kExpired = 11,
  kEnteredInError = 12,
};

enum class Move {
  kUnspecified = 0,
  kSend = 1,
  kAcknowledge = 2,
  kAccept = 3,
  kReject = 4,
  kStart = 5,
  kHold = 6,
  kResume = 7,
  kComplete = 8,
  kFail = 9,
  kCancel = 10,
  kEnterInError = 11,
  kExpire = 12,
};

enum class RejectReason {
  kUnspecified = 0,
  kNotCompetent = 1,
  kNotOurTerritory = 2,
  kAtCapacity = 3,
  kDuplicate = 4,
  kInsufficientInformation = 5,
  kOther = 6,
};

enum class Outcome {
  kUnspecified = 0,
  kHelped = 1,
  kNotHelped = 2,
  kNotReachable = 3,
  kRefusedByFamily = 4,
  kHandedOn = 5
};

// Only what code must name; rules may name every number of the contract.
enum class InstitutionKind {
  kUnspecified = 0,
  kEducationAuthority = 1,  // IKSD
  kStatePolice = 5,
  kSchool = 20,
  kOtherMunicipality = 24,
  kCooperationGroup = 25,
};

// Named by rules only: code compares numbers.
enum class Concern : int {};
enum class Place : int {};
enum class AggravatingFact : int {};

// The contract's words without their prefix: "REQUESTED", "ACCEPT".
std::string_view ToString(ReferralState state);
std::string_view ToString(Move move);

}  // namespace tilts::referral_routing
