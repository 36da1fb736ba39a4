#pragma once

#include <string>

#include "case_intake/domain/accept_report.hpp"

namespace tilts::case_intake::testing {

inline core::CityTime At(const char* text) {
  return core::ParseRfc3339(text).value();
}
inline const core::CityTime kNow = At("2026-03-02T08:30:00Z");

// A city with two schools, its department and social service, and a neighbour.
inline Rules CityRules() {
  Rules rules;
  rules.fallback_coordinator_id = "riga-rsd";
  rules.levels = {"test",
                  {{.id = "any", .level = 1, .urgency = Urgency::kRoutine},
                   {.id = "protection", .streams = {Stream::kViolence, Stream::kRights}, .urgency = Urgency::kUrgent},
                   {.id = "group", .aggravating = {Aggravating::kGroup, Aggravating::kRepeated}, .level = 2},
                   {.id = "weapon", .aggravating = {Aggravating::kWeapon}, .level = 3, .urgency = Urgency::kImminent},
                   {.id = "injury",
                    .aggravating = {Aggravating::kInjury},
                    .relations = {Relation::kUnspecified, Relation::kFamily},
                    .level = 3,
                    .urgency = Urgency::kImminent}}};
  rules.institutions = Institutions({
      {.id = "riga-school-7", .kind = InstitutionKind::kSchool, .municipality = "LV-RIX"},
      {.id = "riga-school-9", .kind = InstitutionKind::kSchool, .municipality = "LV-RIX"},
      {.id = "riga-iksd", .kind = InstitutionKind::kIksd, .municipality = "LV-RIX"},
      {.id = "riga-rsd", .kind = InstitutionKind::kSocialService, .municipality = "LV-RIX", .territory = {"LV-RIX"}},
      {.id = "jurmala", .kind = InstitutionKind::kOtherMunicipality, .municipality = "LV-JUR", .territory = {"LV-JUR"}},
  });
  return rules;
}

inline Person Victim() {
  return {.role = Role::kVictim,
          .person = core::PersonId("person-1"),
          .identified = true,
          .age_years = 12,
          .school_id = "riga-school-7",
          .residence_municipality = "LV-RIX"};
}

// Complete: accepted without a warning.
inline Report ViolenceReport(const std::string& id = "report-1") {
  Report report;
  report.id = core::ReportId(id);
  report.reporter = core::InstitutionId("riga-school-9");
  report.stream = Stream::kViolence;
  report.concerns = {Concern::kPhysical};
  report.relation = Relation::kPeer;
  report.place = Place::kSchool;
  report.people = {Victim()};
  report.occurred_at = At("2026-03-02T07:00:00Z");
  return report;
}

}  // namespace tilts::case_intake::testing
