#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "case_intake/domain/case.hpp"
#include "core/result.hpp"
#include "events/record.hpp"

namespace tilts::case_intake {

// Why something is published and when.
struct Occasion {
  std::string cause_id;  // the call, event or report that led to it
  std::string traceparent;
  core::CityTime at{};
  std::string city_municipality;  // counts what has no municipality of its own
};

// "case-intake": source of events, consumer group, audit chains.
inline constexpr char kServiceName[] = "case-intake";

// The decision's events, ready for the outbox. Ids are derived from case and sequence.
core::Result<std::vector<events::Draft>> DraftsOf(const Decision& decision, const Occasion& occasion);

// "case-intake.protection": records of one purpose are chained together.
std::string AuditChain(Stream stream);

}  // namespace tilts::case_intake
