#pragma once

#include <optional>
#include <string_view>

#include "case_intake/domain/case.hpp"
#include "core/result.hpp"

namespace tilts::case_intake {

// kConflict with reason ETAG_MISMATCH; kInvalid when there is none.
core::Status CheckEtag(const Case& current, std::string_view etag);

// kInvalid: not 1 to 3. kRefused: CASE_STATE (not open), LEVEL_NOT_HIGHER.
core::Result<Decision> RaiseLevel(const Case& current, std::uint32_t level);

// kInvalid: no outcome. kRefused: CASE_STATE, OPEN_REFERRALS. Every reporter hears the outcome.
core::Result<Decision> CloseCase(const Case& current, Outcome outcome, const std::vector<AttachedReport>& reports,
                                 core::CityTime now);

// What the case register keeps of a referral.
struct ReferralPicture {
  std::uint64_t sequence = 0;
  bool open = false;      // asks somebody to act and is not ended
  bool accepted = false;  // somebody is at work on it
  bool operator==(const ReferralPicture&) const = default;
};

// A move of a referral: OPEN and MONITORING become IN_COOPERATION when somebody accepts, IN_COOPERATION becomes
// MONITORING when nothing is open any more. `known` is what was stored before; a sequence seen before changes nothing.
Decision FollowReferral(const Case& current, const std::optional<ReferralPicture>& known, const ReferralPicture& now);

}  // namespace tilts::case_intake
