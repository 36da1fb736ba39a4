#pragma once

#include <string_view>

#include "auth/audit_record.hpp"
#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/record.hpp"
#include "rpc/call.hpp"

namespace tilts::backbone {

// auth::AuditRecordFor as a record of tilts.audit.v1: emit it in the transaction of the change, or await its report
// before a read's answer leaves. `service` writes it.
core::Result<events::Draft> AuditOfCall(const rpc::CallContext& call, std::string_view service,
                                        const auth::AuditFacts& facts);

// auth::SystemAuditRecord likewise. The same cause, handler and index give the same record id.
core::Result<events::Draft> AuditOfSystem(std::string_view service, std::string_view handler, std::string_view cause_id,
                                          unsigned index, core::CityTime now, const auth::AuditFacts& facts);

}  // namespace tilts::backbone
