#pragma once

#include <optional>
#include <string>
#include <utility>

#include "auth/audit_record.hpp"
#include "core/result.hpp"
#include "registry/app/session.hpp"
#include "rpc/call.hpp"

namespace tilts::registry {

inline constexpr std::string_view kRegisterChain = "registry.register";
inline constexpr std::string_view kPersonsChain = "registry.persons";

// Whose request ids these are: an institution's, or a service's own.
std::string RequestOwner(const auth::Principal& principal);

// kInvalid REQUEST_ID unless it is 1 to 64 of [A-Za-z0-9._-].
core::Status CheckRequestId(const std::string& request_id);

// The audit record of the call, in the transaction of what it did. `on_behalf_of` replaces an empty
// institution: a service asks for somebody.
core::Status LeaveAudit(Session& session, const rpc::CallContext& call, const auth::AuditFacts& facts,
                        const std::string& on_behalf_of = {});

auth::AuditFacts Written(std::string_view chain, std::vector<std::string> object_ids, std::string reason);

// What of an answer is kept to repeat it. Overloaded where an answer holds a secret.
template <typename Response>
Response KeptForm(const Response& answer) {
  return answer;
}

// A command with a request id: done once, in one transaction with its audit record; asked again it gets
// the kept answer and nothing happens. `work(session) -> core::Result<Response>`.
template <typename Response, typename Store, typename Request, typename Work>
core::Result<Response> Once(Store& store, const rpc::CallContext& call, const Request& request, Work&& work) {
  TILTS_CHECK(CheckRequestId(request.request_id()));
  const std::string owner = RequestOwner(call.principal);
  std::optional<Response> answer;
  TILTS_CHECK(store.Transact([&](typename Store::Session& session) -> core::Status {
    TILTS_ASSIGN(const auto kept, session.BeginOnce(owner, request.request_id(), request));
    answer.emplace();
    if (kept) {
      if (answer->ParseFromString(*kept)) return {};
      return core::Fail(core::Errc::kCorrupt, "the kept answer of this request cannot be read", "IDEMPOTENCY_ANSWER");
    }
    TILTS_ASSIGN(*answer, work(session));
    return session.CompleteOnce(owner, request.request_id(), request, KeptForm(*answer).SerializeAsString(), call.now);
  }));
  return std::move(*answer);
}

}  // namespace tilts::registry
