#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "case_intake/domain/codes.hpp"
#include "core/city_time.hpp"

namespace tilts::case_intake {

struct Institution {
  std::string id{};
  InstitutionKind kind = InstitutionKind::kUnspecified;
  std::string municipality{};
  std::vector<std::string> territory{};  // empty: everywhere
  std::optional<core::CityTime> valid_from{};
  std::optional<core::CityTime> valid_to{};  // exclusive
  std::string successor_id{};
  std::uint32_t preference = 0;  // lower first
};

// The registry's list as it was last seen; empty when it was never seen. A value: copies are made once per refresh.
class Institutions {
 public:
  Institutions() = default;
  explicit Institutions(std::vector<Institution> list);

  bool empty() const { return by_id_.empty(); }
  const Institution* Find(std::string_view id) const;
  // The institution, or the one that took over from it, that works at `at`; null when there is none.
  const Institution* Valid(std::string_view id, core::CityTime at) const;
  // Of this kind, working at `at`, competent for the municipality (empty: any): the preferred one.
  const Institution* Competent(InstitutionKind kind, std::string_view municipality, core::CityTime at) const;

 private:
  std::map<std::string, Institution, std::less<>> by_id_;
};

}  // namespace tilts::case_intake
