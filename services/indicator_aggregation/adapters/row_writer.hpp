#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/adapters/row_store.hpp"
#include "indicator_aggregation/adapters/tally_store.hpp"
#include "indicator_aggregation/app/event_rows.hpp"
#include "indicator_aggregation/domain/definition.hpp"
#include "postgres/sql_batch_processor.hpp"

namespace tilts::indicator_aggregation {

// Merges a batch of additions into rows, and what that changes into values, in the caller's transaction. The values are
// at any time those of the rows.
class RowWriter {
 public:
  // `definitions` must outlive it.
  RowWriter(const Definitions& definitions, Tables tables)
      : definitions_(definitions), tables_(tables), rows_(tables), tallies_(tables) {}

  core::Status Write(postgres::UnitOfWork& unit, const std::vector<Additions>& batch) const;

  // Everything that is counted, gathered per transaction and written once.
  postgres::SqlBatchProcessor::Handlers Handlers() const;

 private:
  struct Change {
    const Row* before = nullptr;  // null: new
    const Row* after = nullptr;
  };

  core::Status WriteFacts(postgres::UnitOfWork& unit, const RowsById& incoming, const std::string& year) const;
  core::Result<std::string> CurrentYear(postgres::UnitOfWork& unit, bool to_change) const;
  core::Result<std::string> CloseDays(postgres::UnitOfWork& unit, const std::vector<ClosedDay>& days) const;
  core::Status CountInto(postgres::UnitOfWork& unit, const std::string& before, const std::string& year) const;

  const Definitions& definitions_;
  Tables tables_;
  RowStore rows_;
  TallyStore tallies_;
};

}  // namespace tilts::indicator_aggregation
