#pragma once

#include <tilts/codes/v1/codes.pb.h>

#include <span>
#include <string_view>
#include <vector>

namespace tilts::city_simulator {

enum class When { kSchoolHours, kAfterHours, kFridayEvening, kNight, kWeekend };
enum class Teller {
  kSchool,
  kStatePolice,
  kMunicipalPolice,
  kSocialService,
  kNgo,
  kCrisisCentre,
  kEducationDepartment
};

// One kind of thing that happens in a city, with its share of what is reported. Shares follow the plan: consultations
// of social pedagogues and psychologists (2022/23) and the involvements of table 2.2.
struct Situation {
  std::string_view name;
  codes::v1::Stream stream;
  std::vector<codes::v1::ConcernCode> concerns;
  codes::v1::Relation relation = codes::v1::RELATION_UNSPECIFIED;
  codes::v1::Place place = codes::v1::PLACE_UNSPECIFIED;
  std::vector<codes::v1::AggravatingFact> aggravating = {};
  unsigned age_from = 7;
  unsigned age_to = 17;
  unsigned share = 10;
  When when = When::kSchoolHours;
  Teller teller = Teller::kSchool;
  bool in_care = false;
  bool staff_offender = false;
  bool elsewhere_declared = false;  // the child is declared in another municipality
  bool without_school = false;
  bool nobody_known = false;  // nothing that tells who the child is
};

std::span<const Situation> Situations();

}  // namespace tilts::city_simulator
