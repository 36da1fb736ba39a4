#include "indicator_aggregation/adapters/authorities.hpp"

namespace tilts::indicator_aggregation {

core::Status Authorities::Refresh() {
  TILTS_ASSIGN(auto answer, fetch_());
  const std::lock_guard lock(mutex_);
  known_ = std::move(answer);
  return {};
}

std::optional<std::string> Authorities::MunicipalityOf(const std::string& institution_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(institution_id);
  return found == known_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tilts::indicator_aggregation
