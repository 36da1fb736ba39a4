#pragma once

#include "core/result.hpp"
#include "indicator_aggregation/domain/row.hpp"

namespace tilts::indicator_aggregation {

// What the store relies on: a record that breaks it goes to the dead letters alone instead of holding up its batch.
core::Status CheckRow(const Row& row);

// 16 bytes that name what a decision is about.
std::string RecordIdOf(const std::string& kind, const std::string& key);

}  // namespace tilts::indicator_aggregation
