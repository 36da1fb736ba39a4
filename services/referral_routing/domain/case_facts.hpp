#pragma once

#include <set>
#include <string>

#include "core/city_time.hpp"
#include "core/strong_id.hpp"
#include "referral_routing/domain/codes.hpp"

namespace tilts::referral_routing {

// What rules see of a case: codes and ids only.
struct CaseFacts {
  Stream stream = Stream::kUnspecified;
  std::set<Concern> concerns;
  Relation relation = Relation::kUnknown;
  Place place{};
  std::set<AggravatingFact> aggravating;
  unsigned level = 0;
  Urgency urgency = Urgency::kUnspecified;
  unsigned age_years = 0;  // 0: unknown
  core::InstitutionId school;
  std::string residence_municipality;
  std::string place_municipality;
  bool in_out_of_family_care = false;
  bool staff_alleged = false;
  core::InstitutionId staff_institution;
  core::InstitutionId coordinator;
};

enum class Residence { kUnknown, kInside, kOutside };

// The facts of one moment. `home` is the municipality of the child's school, else of the coordinator: a national
// instance has no city of its own.
struct Situation {
  CaseFacts facts;
  std::string home;
  bool night = false;  // outside municipal office hours
  core::CityTime at{};

  Residence residence() const {
    if (facts.residence_municipality.empty()) return Residence::kUnknown;
    return facts.residence_municipality == home ? Residence::kInside : Residence::kOutside;
  }
};

}  // namespace tilts::referral_routing
