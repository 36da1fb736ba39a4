#pragma once

#include <tilts/referrals/v1/events.pb.h>

#include "case_intake/adapters/office.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::events::v1 {
class Envelope;
}

namespace tilts::case_intake {

// Keeps each case's picture of its referrals: how many are open, whether somebody is at work. Notices (INFORM) ask
// nobody to act and do not count.
class ReferralFollower {
 public:
  explicit ReferralFollower(const Office& office) : office_(office) {}

  core::Status OnMoved(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                       const referrals::v1::ReferralMoved& event) const;

 private:
  const Office& office_;
};

}  // namespace tilts::case_intake
