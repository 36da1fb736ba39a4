#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/strong_id.hpp"
#include "referral_routing/domain/codes.hpp"

namespace tilts::referral_routing {

struct Institution {
  core::InstitutionId id;
  InstitutionKind kind = InstitutionKind::kUnspecified;
  std::string municipality;
  std::vector<std::string> territory;  // empty: everywhere
  std::string calendar_id;
  bool at_capacity = false;
  bool round_the_clock = false;
  std::optional<core::CityTime> valid_from;
  std::optional<core::CityTime> valid_to;  // exclusive
  core::InstitutionId successor;
  core::InstitutionId supervisor;
  unsigned preference = 0;  // lower first
};

struct RecipientQuery {
  std::vector<InstitutionKind> kinds;  // in order of preference
  Duty duty = Duty::kExclusive;
  std::string territory;                // municipality
  core::InstitutionId school;           // the recipient where kinds name SCHOOL
  std::set<core::InstitutionId> tried;  // had it before
  std::set<core::InstitutionId> forbidden;
  core::CityTime at{};
};

bool IsInForce(const Institution& institution, core::CityTime at);
bool Covers(const Institution& institution, const std::string& municipality);

// The institution that has the duty: of the first kind that has one, in force, competent for the territory, not tried,
// not forbidden, with room if the duty is replaceable; a territory of its own before "everywhere", then preference,
// then id. Where no institution of the kind knows the territory, the counterpart of that municipality stands in.
// Nothing: nobody is left.
const Institution* ChooseRecipient(const std::vector<Institution>& institutions, const RecipientQuery& query);

const Institution* FindInstitution(const std::vector<Institution>& institutions, const core::InstitutionId& id);

}  // namespace tilts::referral_routing
