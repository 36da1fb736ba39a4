#pragma once

#include "core/result.hpp"
#include "service/service.hpp"

namespace tilts::indicator_aggregation {

core::Status Wire(service::Runtime& runtime);
// The data files without a store: for --check-config and each start.
core::Status CheckDataFiles(const config::v1::ServiceConfig& config);
// The schema; then official figures of the data folder, and values counted anew when the definitions changed.
core::Status Migrate(const config::v1::ServiceConfig& config, const log::Logger& log);

// Topics, and those whose records need no order.
struct ConsumedTopics {
  std::vector<std::string> all;
  std::set<std::string> order_free;
};
ConsumedTopics TopicsOfIndicators();

}  // namespace tilts::indicator_aggregation
