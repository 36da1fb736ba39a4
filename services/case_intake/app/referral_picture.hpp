#pragma once

#include <tilts/referrals/v1/events.pb.h>

#include "case_intake/domain/case_moves.hpp"

namespace tilts::case_intake {

// What the register keeps of a referral as its event shows it.
ReferralPicture PictureOf(const referrals::v1::ReferralFacts& facts);

}  // namespace tilts::case_intake
