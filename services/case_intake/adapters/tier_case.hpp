#pragma once

#include <optional>

#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "case_intake/domain/decide_tier.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// The school's report that a decided tier 3 is: opens the child's PMP case or joins the open one, so that routing
// follows as for any case. The note, if there is one, is the report's text.
core::Result<core::CaseId> ReportTier(postgres::UnitOfWork& unit, const Office& office, const TierDecision& decision,
                                      const std::optional<NoteRow>& note, const Occasion& occasion);

}  // namespace tilts::case_intake
