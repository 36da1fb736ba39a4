#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/adapters/tables.hpp"
#include "indicator_aggregation/domain/row.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

using RowsById = std::map<std::string, Row>;  // by record id

// fact_row and attendance_row.
class RowStore {
 public:
  explicit RowStore(Tables tables) : tables_(std::move(tables)) {}

  // Locks what it finds.
  core::Result<RowsById> Load(postgres::UnitOfWork& unit, const std::vector<std::string>& record_ids) const;
  // All enrolments, withdrawn ones too, of these pupils.
  core::Result<RowsById> EnrolmentsOf(postgres::UnitOfWork& unit, const std::vector<std::string>& pupil_ids) const;
  // At most `limit` pupils with enrolments whose id is greater than `after`, ascending.
  core::Result<std::vector<std::string>> EnrolledPupils(postgres::UnitOfWork& unit, const std::string& after,
                                                        int limit) const;
  // At most `limit` rows that are no enrolments, with a record id greater than `after`.
  core::Result<RowsById> OthersAfter(postgres::UnitOfWork& unit, const std::string& after, int limit) const;
  // kConflict with reason ROW_RACE when another worker wrote one of them meanwhile: the batch is to be run again.
  core::Status Insert(postgres::UnitOfWork& unit, const std::vector<Row>& rows) const;
  core::Status Update(postgres::UnitOfWork& unit, const std::vector<Row>& rows) const;
  // Merges by the rule of domain/row.hpp in one statement; each record at most once.
  core::Status MergeAttendance(postgres::UnitOfWork& unit, const std::vector<Row>& rows) const;

 private:
  Tables tables_;
};

}  // namespace tilts::indicator_aggregation
