#pragma once

#include <functional>
#include <memory>

#include "core/result.hpp"
#include "events/bus.hpp"
#include "indicator_aggregation/adapters/comparison.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "postgres/database.hpp"

namespace tilts::indicator_aggregation {

struct RebuildResult {
  std::uint64_t records_read = 0;
  std::uint64_t records_total = 0;
  Comparison comparison;
};

// Derived tables made anew from the log, beside the live ones, in one transaction.
class Rebuild {
 public:
  // A membership of a group of its own, made for one rebuild.
  using Subscribe = std::function<core::Result<std::unique_ptr<events::Subscription>>()>;
  // Told after each step, from the rebuild's thread; an error ends the rebuild.
  using Progress = std::function<core::Status(const RebuildResult&)>;

  // `database`: options of the live one; the rebuild opens its own connection with longer limits.
  Rebuild(postgres::DatabaseOptions options, const DefinitionBook& book, Subscribe subscribe);

  // Offsets and live tables of one repeatable-read moment against the log up to exactly there. Everything it made is
  // rolled back, so it changes nothing, also when it dies.
  core::Result<RebuildResult> Verify(const Progress& progress) const;
  // Reads the log, then holds up the consumer for what came meanwhile, replaces the live tables and commits: whoever
  // reads sees all of the old ones or all of the new ones.
  core::Result<RebuildResult> Apply(const Progress& progress) const;

 private:
  class Run;

  postgres::DatabaseOptions options_;
  const DefinitionBook& book_;
  Subscribe subscribe_;
};

}  // namespace tilts::indicator_aggregation
