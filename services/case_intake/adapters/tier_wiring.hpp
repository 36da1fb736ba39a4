#pragma once

#include "case_intake/adapters/office.hpp"
#include "postgres/sql_batch_processor.hpp"

namespace tilts::service {
struct Runtime;
}

namespace tilts::case_intake {

// TierService, the handler of proposals (topic tilts.risk.v1) and the worker for texts that wait for the vault.
void WireTiers(service::Runtime& runtime, const Office& office, postgres::SqlBatchProcessor::Handlers& handlers);

}  // namespace tilts::case_intake
