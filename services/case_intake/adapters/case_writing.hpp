#pragma once

#include "case_intake/app/publish.hpp"
#include "case_intake/domain/case.hpp"
#include "case_intake/domain/report.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Writes the case as decided and puts its events into the outbox. The row must be locked (or new).
core::Status OpenCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion);
core::Status KeepCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion);

struct FiledReport {
  Case after;
  Assessment assessment;
  bool joined = false;  // a case that was open already
};
// Opens a case with the report or attaches it to the open one of its child and stream; the caller writes the report's
// row. kAlreadyExists with reason kOneOpenCase: somebody opened it meanwhile.
core::Result<FiledReport> FileInCase(postgres::UnitOfWork& unit, const Rules& rules, const Report& report,
                                     const Occasion& occasion);

}  // namespace tilts::case_intake
