#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "case_intake/domain/codes.hpp"
#include "core/city_time.hpp"

namespace tilts::case_intake {

// What is known of a case, in codes: the picture that routing gets.
struct CaseFacts {
  Stream stream = Stream::kUnspecified;
  std::set<Concern> concerns{};
  Relation relation = Relation::kUnspecified;
  Place place = Place::kUnspecified;
  std::set<Aggravating> aggravating{};
  std::uint32_t level = 0;
  Urgency urgency = Urgency::kUnspecified;
  std::uint32_t age_years = 0;  // 0: unknown
  std::string school_id{};
  std::string residence_municipality{};
  std::string place_municipality{};
  bool in_out_of_family_care = false;
  bool staff_alleged = false;
  std::string staff_institution_id{};
  std::string coordinator_id{};
  std::optional<core::CityTime> occurred_at{};
  bool subject_known = false;

  bool operator==(const CaseFacts&) const = default;
};

// The picture after another report: what was unknown is filled, level and urgency rise and never fall,
// sets grow. What both reports say differently stays as it was first said, but for the family: if either
// report suspects it, the family is suspected (it must not be the first to be told). The coordinator is
// left as it was; ChooseCoordinator decides it on the merged picture.
CaseFacts Merge(const CaseFacts& known, const CaseFacts& added);

}  // namespace tilts::case_intake
