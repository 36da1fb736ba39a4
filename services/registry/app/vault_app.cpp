#include "registry/app/vault_app.hpp"

#include <algorithm>

#include "registry/app/command.hpp"

namespace tilts::registry {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr int kMostPersons = 200;
constexpr int kMostKeys = 200;

template <typename Bytes>
std::vector<std::string> Copy(const Bytes& field) {
  return {field.begin(), field.end()};
}

core::Status CheckCount(int count, int most) {
  if (count >= 1 && count <= most) return {};
  return Fail(Errc::kInvalid, "name 1 to " + std::to_string(most) + " of them", "COUNT");
}

// A code such as GDPR-17 or DPO.2026.12: it goes into the audit log, so it must not be prose.
core::Status CheckLegalBasis(const std::string& basis) {
  const bool right = !basis.empty() && basis.size() <= 64 && std::ranges::all_of(basis, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == '/' || c == ':';
  });
  if (right) return {};
  const std::string message = "give the basis as a code without spaces, for example GDPR-17";
  return Fail({Errc::kInvalid, message, "LEGAL_BASIS", {{"legal_basis", "CODE_FORMAT", message}}, 0});
}

// An institution may link or erase whom it brought; the operator anybody.
Result<auth::AccessDecision> MayChange(VaultSession& session, const rpc::CallContext& call,
                                       const std::string& root_id) {
  if (call.principal.kind == auth::Principal::Kind::kOperator) return auth::AccessDecision::Allow("OPERATOR");
  TILTS_ASSIGN(const bool source, session.IsSource(root_id, call.principal.institution_id));
  return source ? auth::AccessDecision::Allow("SOURCE") : auth::AccessDecision::Deny("NOT_A_SOURCE");
}

// What only the alias knew is kept; where both know something, the one that stays speaks.
core::Status Join(VaultSession& session, const std::string& root, const std::string& alias_root) {
  TILTS_ASSIGN(const PersonDetails of_alias, session.ReadDetails(alias_root));
  TILTS_ASSIGN(const PersonDetails of_root, session.ReadDetails(root));
  TILTS_CHECK(session.SaveDetails({{root, Merge(of_alias, of_root)}}));
  return session.MakeAlias(alias_root, root);
}

// The same answer for an unknown person and for somebody else's.
tl::unexpected<core::Error> Unknown() {
  return Fail(Errc::kNotFound, "no person has this id", "PERSON_UNKNOWN");
}

}  // namespace

core::Status VaultApp::CheckErasuresKnown() const {
  if (!erasures_known_ || erasures_known_()) return {};
  return Fail(Errc::kUnavailable, "the log was not yet read for erasures", "ERASURES_UNREAD");
}

Result<v1::DescribePersonsResponse> VaultApp::DescribePersons(const rpc::CallContext& call,
                                                              const v1::DescribePersonsRequest& request) {
  TILTS_CHECK(CheckCount(request.person_ids_size(), kMostPersons));
  TILTS_CHECK(CheckErasuresKnown());
  v1::DescribePersonsResponse response;
  TILTS_CHECK(store_.Transact([&](VaultSession& session) -> core::Status {
    response.Clear();
    std::vector<std::string> objects;
    for (const std::string& person_id : request.person_ids()) {
      TILTS_ASSIGN(const PersonRow row, session.Lock(person_id));
      v1::DescribedPerson& described = *response.add_people();
      described.set_person_id(person_id);
      described.set_erased(row.erased);
      objects.push_back("person/" + person_id);
      if (row.erased) continue;
      TILTS_ASSIGN(const PersonDetails details, session.ReadDetails(row.root_id));
      described.set_given_name(details.given_name);
      described.set_family_name(details.family_name);
      described.set_birth_date(details.birth_date);
      described.set_contact(details.contact);
    }
    const auth::AuditFacts facts{std::string(kPersonsChain), auth::Touch::kRead, std::move(objects),
                                 auth::AccessDecision::Allow("OWNER_SERVICE"), "PERSON"};
    return LeaveAudit(session, call, facts, request.on_behalf_of_institution_id());
  }));
  return response;
}

Result<v1::LinkPersonsResponse> VaultApp::LinkPersons(const rpc::CallContext& call,
                                                      const v1::LinkPersonsRequest& request) {
  return Once<v1::LinkPersonsResponse>(
      store_, call, request, [&](VaultSession& session) -> Result<v1::LinkPersonsResponse> {
        TILTS_ASSIGN(const PersonRow stays, session.Lock(request.person_id()));
        TILTS_ASSIGN(const PersonRow alias, session.Lock(request.alias_person_id()));
        TILTS_ASSIGN(const auth::AccessDecision decision, MayChange(session, call, stays.root_id));
        TILTS_ASSIGN(const auth::AccessDecision also, MayChange(session, call, alias.root_id));
        if (!decision.allowed || !also.allowed) return Unknown();
        if (stays.erased || alias.erased) {
          return Fail(Errc::kRefused, "an erased person cannot be linked", "PERSON_ERASED");
        }
        if (stays.root_id != alias.root_id) TILTS_CHECK(Join(session, stays.root_id, alias.root_id));
        TILTS_CHECK(
            LeaveAudit(session, call,
                       Written(kPersonsChain, {"person/" + request.person_id(), "person/" + request.alias_person_id()},
                               decision.reason)));
        return v1::LinkPersonsResponse{};
      });
}

Result<v1::ErasePersonResponse> VaultApp::ErasePerson(const rpc::CallContext& call,
                                                      const v1::ErasePersonRequest& request) {
  TILTS_CHECK(CheckLegalBasis(request.legal_basis()));
  return Once<v1::ErasePersonResponse>(
      store_, call, request, [&](VaultSession& session) -> Result<v1::ErasePersonResponse> {
        TILTS_ASSIGN(const PersonRow row, session.Lock(request.person_id()));
        TILTS_ASSIGN(const auth::AccessDecision decision, MayChange(session, call, row.root_id));
        if (!decision.allowed) return Unknown();
        std::vector<std::string> objects{"person/" + row.person_id};
        if (!row.erased) {
          TILTS_ASSIGN(const auto erased, session.Erase(row.root_id, request.legal_basis(), call.now));
          objects.clear();
          for (const std::string& id : erased) objects.push_back("person/" + id);
        }
        TILTS_CHECK(LeaveAudit(
            session, call, Written(kPersonsChain, std::move(objects), decision.reason + "." + request.legal_basis())));
        return v1::ErasePersonResponse{};
      });
}

Result<v1::WrapKeysResponse> VaultApp::WrapKeys(const v1::WrapKeysRequest& request) {
  TILTS_CHECK(CheckCount(request.keys_size(), kMostKeys));
  const bool sized = std::ranges::all_of(request.keys(), [](const std::string& key) { return key.size() == 32; });
  if (!sized) return Fail(Errc::kInvalid, "each key has 32 bytes", "KEY_LENGTH");
  v1::WrapKeysResponse response;
  TILTS_CHECK(store_.Transact([&](VaultSession& session) -> core::Status {
    TILTS_ASSIGN(auto wrapped, session.WrapKeys(request.person_id(), Copy(request.keys())));
    response.mutable_wrapped_keys()->Assign(wrapped.begin(), wrapped.end());
    return {};
  }));
  return response;
}

Result<v1::UnwrapKeysResponse> VaultApp::UnwrapKeys(const v1::UnwrapKeysRequest& request) {
  TILTS_CHECK(CheckCount(request.wrapped_keys_size(), kMostKeys));
  TILTS_CHECK(CheckErasuresKnown());
  v1::UnwrapKeysResponse response;
  TILTS_CHECK(store_.Transact([&](VaultSession& session) -> core::Status {
    TILTS_ASSIGN(auto keys, session.UnwrapKeys(request.person_id(), Copy(request.wrapped_keys())));
    response.mutable_keys()->Assign(keys.begin(), keys.end());
    return {};
  }));
  return response;
}

}  // namespace tilts::registry
