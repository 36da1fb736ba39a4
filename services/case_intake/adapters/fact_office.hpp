#pragma once

#include <functional>
#include <string>

#include "case_intake/adapters/fact_calendar.hpp"
#include "case_intake/adapters/fact_probe.hpp"
#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/pupil_directory.hpp"
#include "case_intake/app/fact_publish.hpp"
#include "case_intake/app/fact_record.hpp"
#include "events/bus.hpp"

namespace tilts::case_intake {

// What the fact door works with besides the register's office. All parts outlive it.
struct FactOffice {
  const Office& office;
  events::Publisher& publisher;
  PupilDirectory& pupils;
  const SchoolDays& school_days;
  FactKeys keys;
  FactProbe probe;
  // Held facts became due.
  std::function<void()> wake = [] {};

  FactOrigin OriginOf(const std::string& institution_id, const std::string& cause_id, const std::string& traceparent,
                      core::CityTime at) const {
    const Institution* institution = nullptr;
    const std::shared_ptr<const Rules> rules = office.rules.Current();
    institution = rules->institutions.Find(institution_id);
    const bool placed = institution != nullptr && !institution->municipality.empty();
    return {institution_id, placed ? institution->municipality : office.city_municipality, cause_id, traceparent, at};
  }
};

// "case-intake.facts"
inline constexpr char kFactAuditChain[] = "case-intake.facts";

}  // namespace tilts::case_intake
