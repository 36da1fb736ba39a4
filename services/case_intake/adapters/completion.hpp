#pragma once

#include <string>

#include "case_intake/adapters/report_store.hpp"
#include "case_intake/app/publish.hpp"
#include "case_intake/domain/report.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Puts what is now known of a report into its case: fills the picture, or merges the case into the open one of the
// child that became known. `row` is locked and holds the new content and case afterwards; the caller updates it. An
// ended case is left as it is. Returns the case the report belongs to.
core::Result<Case> CompleteInCase(postgres::UnitOfWork& unit, const Rules& rules, const Report& report, ReportRow& row,
                                  const Occasion& occasion);

}  // namespace tilts::case_intake
