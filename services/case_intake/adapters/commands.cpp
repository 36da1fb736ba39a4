#include "case_intake/adapters/commands.hpp"

namespace tilts::case_intake {

core::Status RequireInstitution(const rpc::CallContext& call) {
  if (!call.principal.institution_id.empty()) return {};
  return core::Fail(core::Errc::kDenied, "Name the institution you act for and have a grant of it",
                    "INSTITUTION_MISSING");
}

core::Status Audit(postgres::UnitOfWork& unit, const rpc::CallContext& call, const auth::AuditFacts& note) {
  TILTS_ASSIGN(const events::Draft draft, backbone::AuditOfCall(call, kServiceName, note));
  return unit.Emit(draft);
}

}  // namespace tilts::case_intake
