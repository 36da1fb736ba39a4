#include "referral_routing/domain/codes.hpp"

namespace tilts::referral_routing {

std::string_view ToString(ReferralState state) {
  switch (state) {
    case ReferralState::kUnspecified: return "UNSPECIFIED";
    case ReferralState::kDraft: return "DRAFT";
    case ReferralState::kRequested: return "REQUESTED";
    case ReferralState::kReceived: return "RECEIVED";
    case ReferralState::kAccepted: return "ACCEPTED";
    case ReferralState::kInProgress: return "IN_PROGRESS";
    case ReferralState::kOnHold: return "ON_HOLD";
    case ReferralState::kCompleted: return "COMPLETED";
    case ReferralState::kRejected: return "REJECTED";
    case ReferralState::kFailed: return "FAILED";
    case ReferralState::kCancelled: return "CANCELLED";
    case ReferralState::kExpired: return "EXPIRED";
    case ReferralState::kEnteredInError: return "ENTERED_IN_ERROR";
  }
  return "UNKNOWN";
}

std::string_view ToString(Move move) {
  switch (move) {
    case Move::kUnspecified: return "UNSPECIFIED";
    case Move::kSend: return "SEND";
    case Move::kAcknowledge: return "ACKNOWLEDGE";
    case Move::kAccept: return "ACCEPT";
    case Move::kReject: return "REJECT";
    case Move::kStart: return "START";
    case Move::kHold: return "HOLD";
    case Move::kResume: return "RESUME";
    case Move::kComplete: return "COMPLETE";
    case Move::kFail: return "FAIL";
    case Move::kCancel: return "CANCEL";
    case Move::kEnterInError: return "ENTER_IN_ERROR";
    case Move::kExpire: return "EXPIRE";
  }
  return "UNKNOWN";
}

}  // namespace tilts::referral_routing
