#include "referral_routing/domain/referral.hpp"

namespace tilts::referral_routing {

bool IsOpen(ReferralKind kind, ReferralState state) {
  switch (state) {
    case ReferralState::kDraft:
    case ReferralState::kRequested:
    case ReferralState::kAccepted:
    case ReferralState::kInProgress:
    case ReferralState::kOnHold: return true;
    case ReferralState::kReceived: return kind != ReferralKind::kInform;
    case ReferralState::kUnspecified:
    case ReferralState::kCompleted:
    case ReferralState::kRejected:
    case ReferralState::kFailed:
    case ReferralState::kCancelled:
    case ReferralState::kExpired:
    case ReferralState::kEnteredInError: return false;
  }
  return false;
}

bool IsOpen(const Referral& referral) {
  return IsOpen(referral.ask.kind, referral.state);
}

bool IsAccepted(ReferralState state) {
  return state == ReferralState::kAccepted || state == ReferralState::kInProgress || state == ReferralState::kOnHold;
}

}  // namespace tilts::referral_routing
