#pragma once

#include <tilts/cases/v1/events.pb.h>

#include "core/city_time.hpp"
#include "events/draft.hpp"

namespace tilts::events {

inline core::CityTime SampleTime() {
  return *core::ParseRfc3339("2026-03-02T08:30:00.25Z");
}

inline Meta SampleMeta() {
  Meta meta;
  meta.id = "event-1";
  meta.source = "/case-intake";
  meta.subject = "case-1";
  meta.sequence = 1;
  meta.purpose = codes::v1::PURPOSE_PROTECTION;
  meta.occurred_at = SampleTime();
  meta.recorded_at = SampleTime();
  return meta;
}

inline cases::v1::CaseOpened SampleEvent() {
  cases::v1::CaseOpened event;
  event.set_case_id("case-1");
  event.set_report_id("report-1");
  return event;
}

}  // namespace tilts::events
