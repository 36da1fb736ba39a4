#pragma once

#include "case_intake/app/publish.hpp"
#include "case_intake/domain/case.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Writes the case as decided and puts its events into the outbox. The row must be locked (or new).
core::Status OpenCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion);
core::Status KeepCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion);

}  // namespace tilts::case_intake
