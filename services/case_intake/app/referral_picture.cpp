#include "case_intake/app/referral_picture.hpp"

namespace tilts::case_intake {

ReferralPicture PictureOf(const referrals::v1::ReferralFacts& facts) {
  ReferralPicture picture;
  picture.sequence = facts.sequence();
  if (facts.kind() == codes::v1::REFERRAL_KIND_INFORM) return picture;
  switch (facts.state()) {
    case codes::v1::REFERRAL_STATE_REQUESTED:
    case codes::v1::REFERRAL_STATE_RECEIVED: picture.open = true; break;
    case codes::v1::REFERRAL_STATE_ACCEPTED:
    case codes::v1::REFERRAL_STATE_IN_PROGRESS:
    case codes::v1::REFERRAL_STATE_ON_HOLD:
      picture.open = true;
      picture.accepted = true;
      break;
    default: break;  // not sent yet, or ended: nobody is asked
  }
  return picture;
}

}  // namespace tilts::case_intake
