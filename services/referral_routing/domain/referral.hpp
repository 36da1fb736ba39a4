#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calendar/deadline.hpp"
#include "core/city_time.hpp"
#include "core/strong_id.hpp"
#include "referral_routing/domain/codes.hpp"

namespace tilts::referral_routing {

using core::CityTime;
using core::InstitutionId;

// Why a referral exists and what it asks: taken from the rule when it is sent, never changed.
struct Ask {
  std::string purpose;  // "POLICE_EMERGENCY"; one purpose asks one thing of one list of kinds
  ReferralKind kind = ReferralKind::kAct;
  Duty duty = Duty::kExclusive;
  Urgency urgency = Urgency::kRoutine;
  std::string policy_id;
  std::string rule_id;
  unsigned rule_version = 0;
  std::string legal_basis;
  std::vector<InstitutionKind> recipient_kinds;  // in order of preference; for a re-route
  std::string territory;                         // municipality the recipient must be competent for
  bool tells_parents = false;

  bool operator==(const Ask&) const = default;
};

struct DueTimes {
  std::optional<CityTime> acknowledge;
  std::optional<CityTime> answer;
  std::optional<CityTime> outcome;

  bool operator==(const DueTimes&) const = default;
};

// One referral as it stands. A value: moves return a new one.
struct Referral {
  core::ReferralId id;
  core::CaseId case_id;
  Stream stream = Stream::kUnspecified;
  InstitutionId requester;
  InstitutionId recipient;
  InstitutionKind recipient_kind = InstitutionKind::kUnspecified;
  Ask ask;

  ReferralState state = ReferralState::kDraft;
  ReferralState before_hold = ReferralState::kUnspecified;
  bool overdue = false;
  bool cancel_requested = false;
  std::uint64_t sequence = 0;  // events so far
  core::ReferralId replaced;   // the one it replaces after a rejection or expiry

  DueTimes due;
  std::string calendar_id;
  std::string calendar_version;

  std::optional<CityTime> requested_at;
  std::optional<CityTime> received_at;
  std::optional<CityTime> answered_at;
  std::optional<CityTime> ended_at;
  // Times in which the outcome clock stands still. A hold ends when it is resumed, at the latest at its resume date:
  // a recipient that forgets to resume is reminded again.
  std::vector<calendar::Hold> holds;

  std::string role;
  std::string unit;
  RejectReason reject_reason = RejectReason::kUnspecified;
  Outcome outcome = Outcome::kUnspecified;
  std::vector<std::string> measure_codes;
};

// Somebody still owes something. A notice that was received is done.
bool IsOpen(const Referral& referral);
bool IsOpen(ReferralKind kind, ReferralState state);

// The recipient took it on: from here on only it can end the referral.
bool IsAccepted(ReferralState state);

}  // namespace tilts::referral_routing
