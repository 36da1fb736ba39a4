#include "registry/app/seed.hpp"

#include <tilts/registry/v1/registry_service.pb.h>

#include <algorithm>

#include "registry/app/institution_mapping.hpp"
#include "wire/json.hpp"

namespace tilts::registry {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr const char* kOperatorClient = "operator";
// Before every city clock: whoever looks, the key is already issued.
constexpr core::CityTime kSinceEver{};

core::Error Located(core::Error error, const std::string& institution_id) {
  error.message = "institution seed, " + institution_id + ": " + error.message;
  for (core::Violation& violation : error.violations) {
    violation.field = institution_id + "." + violation.field;
    error.message += "; " + violation.field + " " + violation.code;
  }
  return error;
}

core::Status ApplyOne(RegisterSession& session, Institution wanted, SeedOutcome& outcome) {
  TILTS_ASSIGN(const auto stored, session.FindInstitution(wanted.institution_id));
  if (stored && !stored->seeded) {
    ++outcome.kept;
    return {};
  }
  wanted.version = stored ? stored->institution.version : 1;
  if (stored && stored->institution == wanted) return {};
  if (stored) ++wanted.version;
  ++(stored ? outcome.updated : outcome.added);
  return session.SaveInstitution(wanted, true);
}

}  // namespace

Result<std::vector<Institution>> ParseSeed(std::string_view json, const std::set<std::string>& calendars) {
  v1::InstitutionSeed file;
  TILTS_CHECK(wire::FromJson(json, file));
  if (file.version().empty() || file.source().empty()) {
    return Fail(Errc::kInvalid, "the institution seed needs a version and its source", "SEED_INVALID");
  }
  std::vector<Institution> seed;
  Surroundings known;
  known.calendars.insert(calendars.begin(), calendars.end());
  for (const v1::Institution& message : file.institutions()) {
    TILTS_ASSIGN(Institution institution, FromProto(message));
    if (!known.institutions.insert(institution.institution_id).second) {
      return Fail(Errc::kInvalid, "the institution seed names one twice: " + institution.institution_id,
                  "SEED_INVALID");
    }
    if (!institution.successor_id.empty()) {
      known.successors[institution.institution_id] = institution.successor_id;
    }
    seed.push_back(std::move(institution));
  }
  for (const Institution& institution : seed) {
    if (auto status = Validate(institution, known); !status) {
      return Fail(Located(std::move(status).error(), institution.institution_id));
    }
  }
  return seed;
}

Result<SeedOutcome> ApplySeed(RegisterStore& store, const std::vector<Institution>& seed) {
  SeedOutcome outcome;
  TILTS_CHECK(store.Transact([&](RegisterSession& session) -> core::Status {
    outcome = {};
    for (const Institution& institution : seed) TILTS_CHECK(ApplyOne(session, institution, outcome));
    if (outcome.added + outcome.updated == 0) return {};
    return session.RaiseVersion();
  }));
  return outcome;
}

Result<bool> MakeFirstOperator(RegisterStore& store, const auth::ApiKey& key) {
  bool made = false;
  TILTS_CHECK(store.Transact([&](RegisterSession& session) -> core::Status {
    made = false;
    const core::Status known = session.LockClient(kOperatorClient);
    if (known) return {};
    if (known.error().code != Errc::kNotFound) return known;
    TILTS_ASSIGN(const auto operators, session.OperatorIds());
    if (operators.empty()) {
      return Fail(Errc::kRefused, "the seed names no institution of kind OPERATOR", "OPERATOR_MISSING");
    }
    TILTS_CHECK(session.CreateClient(kOperatorClient, "Operator", kSinceEver));
    TILTS_CHECK(session.AddCredential(
        {key.key_id, kOperatorClient, auth::ApiKeySecretHash(key.secret), kSinceEver, std::nullopt, std::nullopt}));
    for (const std::string& institution_id : operators) {
      TILTS_CHECK(session.AddGrant({"operator-" + institution_id, kOperatorClient, institution_id, {"*"}, {}, {}, {}}));
    }
    made = true;
    return session.RaiseVersion();
  }));
  return made;
}

}  // namespace tilts::registry
