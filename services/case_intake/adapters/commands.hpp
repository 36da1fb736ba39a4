#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <vector>

#include "backbone/audit.hpp"
#include "case_intake/adapters/office.hpp"
#include "postgres/unit_of_work.hpp"
#include "wire/bytes.hpp"

namespace tilts::case_intake {

// kDenied when nobody acts: an operator's key without an institution.
core::Status RequireInstitution(const rpc::CallContext& call);

// Puts the call's audit record into the outbox of this transaction.
core::Status Audit(postgres::UnitOfWork& unit, const rpc::CallContext& call, const auth::AuditFacts& note);

// The answer given to this request id before, if there is one: recorded as a call of its own, without another effect.
template <typename Response, typename Request>
core::Result<std::optional<Response>> AnsweredBefore(postgres::UnitOfWork& unit, const Office& office,
                                                     const rpc::CallContext& call, const Request& request,
                                                     const std::string& audit_chain) {
  TILTS_ASSIGN(const auto stored,
               office.idempotency.Begin(unit, call.principal.institution_id, request.request_id(), request));
  if (!stored) return std::nullopt;
  Response response;
  if (!stored->empty()) TILTS_CHECK(wire::Parse(*stored, response));  // an answer of nothing but zeros has no bytes
  TILTS_CHECK(Audit(unit, call, {audit_chain, auth::Touch::kWrite, {}, auth::AccessDecision::Allow("REPLAY"), {}}));
  return response;
}

template <typename Response, typename Request>
core::Status Remember(postgres::UnitOfWork& unit, const Office& office, const rpc::CallContext& call,
                      const Request& request, const Response& response) {
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(response));
  return office.idempotency.Complete(unit, call.principal.institution_id, request.request_id(), request, bytes,
                                     call.now);
}

// Runs the transaction again when a unique index says that somebody else was first: the second look then finds it.
template <typename Work>
auto TransactUntilSettled(postgres::Database& database, const std::vector<std::string_view>& constraints, Work work) {
  constexpr int kMostTries = 5;
  for (int attempt = 1;; ++attempt) {
    auto outcome = database.Transact(work);
    if (outcome || attempt == kMostTries || outcome.error().code != core::Errc::kAlreadyExists) return outcome;
    bool lost_race = false;
    for (const std::string_view constraint : constraints) lost_race |= outcome.error().reason == constraint;
    if (!lost_race) return outcome;
  }
}

}  // namespace tilts::case_intake
