#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include <string>
#include <vector>

#include "case_intake/domain/fact_check.hpp"
#include "case_intake/domain/roster_difference.hpp"

namespace tilts::case_intake {

struct ReadRoster {
  Day day = 0;
  // The entries that can be used, with their place in the request; whose they are is found later.
  std::vector<RosterPupil> pupils{};
  std::vector<std::size_t> places{};
  std::vector<core::Violation> violations{};  // of the entries left out
  bool complete = true;                       // every entry could be read
};

// kInvalid when there is nothing to take: no request id, a day that cannot be, no pupils or too many of them.
core::Result<ReadRoster> Read(const intake::v1::PushRosterRequest& request, const FactDays& days);

}  // namespace tilts::case_intake
