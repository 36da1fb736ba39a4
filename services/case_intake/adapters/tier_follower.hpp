#pragma once

#include <tilts/risk/v1/events.pb.h>

#include "case_intake/adapters/tier_probe.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::events::v1 {
class Envelope;
}

namespace tilts::case_intake {

// Keeps what the score proposes of each pupil, for the school to decide. A proposal by itself does nothing more.
class TierFollower {
 public:
  explicit TierFollower(TierProbe probe) : probe_(std::move(probe)) {}

  core::Status OnProposed(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                          const risk::v1::TierProposed& event) const;

 private:
  TierProbe probe_;
};

}  // namespace tilts::case_intake
