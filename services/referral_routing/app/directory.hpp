#pragma once

#include <tilts/registry/v1/registry_service.pb.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "calendar/calendar_data.hpp"
#include "core/result.hpp"
#include "referral_routing/domain/case_facts.hpp"
#include "referral_routing/domain/institution.hpp"

namespace tilts::referral_routing {

// Institutions and calendars of one moment. Immutable.
class Directory {
 public:
  static core::Result<Directory> Make(const registry::v1::ListInstitutionsResponse& institutions,
                                      const registry::v1::ListCalendarsResponse& calendars);

  const std::vector<Institution>& institutions() const { return institutions_; }
  const Institution* Find(const core::InstitutionId& id) const { return FindInstitution(institutions_, id); }

  // The calendar deadlines of this institution are counted with, with its own hours. Terms are working days, so who
  // follows the school calendar (or is unknown) is counted with the municipal one.
  core::Result<calendar::Calendar> CalendarOf(const core::InstitutionId& id) const;
  const calendar::CalendarSet& calendars() const { return calendars_; }

  // The facts with what only the directory knows: home municipality, night.
  core::Result<Situation> SituationOf(const CaseFacts& facts, core::CityTime at) const;
  // Police on duty round the clock for the municipality; empty: none.
  core::InstitutionId DutyBody(const std::string& municipality, core::CityTime at) const;
  // Where the group's secretary sits; empty: none.
  core::InstitutionId GroupOf(const std::string& municipality, core::CityTime at) const;

 private:
  Directory() = default;

  std::vector<Institution> institutions_;
  std::map<core::InstitutionId, calendar::DutyHours> hours_;
  calendar::CalendarSet calendars_;
};

// The directory as last seen; swapped as a whole. Thread-safe.
class DirectoryHolder {
 public:
  // kUnavailable while nothing was ever seen: the caller tries again later.
  core::Result<std::shared_ptr<const Directory>> Get() const;
  void Set(std::shared_ptr<const Directory> directory);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Directory> directory_;
};

}  // namespace tilts::referral_routing
