#include "registry/app/command.hpp"

#include <algorithm>

#include "backbone/audit.hpp"

namespace tilts::registry {

std::string RequestOwner(const auth::Principal& principal) {
  return principal.institution_id.empty() ? "service/" + principal.service : principal.institution_id;
}

core::Status CheckRequestId(const std::string& request_id) {
  const bool right = !request_id.empty() && request_id.size() <= 64 && std::ranges::all_of(request_id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
  if (right) return {};
  const std::string message = "give a request id of 1 to 64 letters, digits, dots, hyphens or underscores";
  return core::Fail({core::Errc::kInvalid, message, "REQUEST_ID", {{"request_id", "REQUEST_ID", message}}, 0});
}

core::Status LeaveAudit(Session& session, const rpc::CallContext& call, const auth::AuditFacts& facts,
                        const std::string& on_behalf_of) {
  rpc::CallContext behalf = call;
  if (behalf.principal.institution_id.empty()) behalf.principal.institution_id = on_behalf_of;
  TILTS_ASSIGN(const events::Draft draft, backbone::AuditOfCall(behalf, "registry", facts));
  return session.Emit(draft);
}

auth::AuditFacts Written(std::string_view chain, std::vector<std::string> object_ids, std::string reason) {
  return {std::string(chain),
          auth::Touch::kWrite,
          std::move(object_ids),
          auth::AccessDecision::Allow(std::move(reason)),
          {}};
}

}  // namespace tilts::registry
