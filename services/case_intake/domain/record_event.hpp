#pragma once

#include <utility>

#include "case_intake/domain/case.hpp"

namespace tilts::case_intake {

// Adds the event to the decision and numbers it.
template <typename Event>
void Record(Decision& decision, Event event) {
  ++decision.after.sequence;
  // One write is one version, however many events it makes.
  if (!decision.changed) ++decision.after.version;
  decision.changed = true;
  decision.events.push_back({decision.after.sequence, std::move(event)});
}

}  // namespace tilts::case_intake
