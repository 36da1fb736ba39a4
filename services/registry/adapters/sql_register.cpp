#include "registry/adapters/sql_register.hpp"

#include "registry/adapters/sql_institutions.hpp"
#include "registry/adapters/sql_session.hpp"

namespace tilts::registry {
namespace {

using core::CityTime;
using core::Errc;
using core::Fail;
using core::Result;
using postgres::Bytes;
using postgres::Row;

class SqlRegisterSession : public SqlSession<RegisterSession> {
 public:
  using SqlSession::SqlSession;

  Result<std::uint64_t> Version() override {
    TILTS_ASSIGN(const auto rows, unit().Exec("SELECT version FROM registry_version"));
    return static_cast<std::uint64_t>(rows.front().Int(0));
  }

  core::Status RaiseVersion() override { return Run("UPDATE registry_version SET version = version + 1"); }

  Result<std::vector<Institution>> ListInstitutions(int kind, const std::string& after, std::size_t limit) override {
    TILTS_ASSIGN(auto stored, ReadInstitutions(unit(), kind, after, limit));
    std::vector<Institution> institutions;
    for (StoredInstitution& one : stored) institutions.push_back(std::move(one.institution));
    return institutions;
  }

  Result<std::optional<StoredInstitution>> FindInstitution(const std::string& institution_id) override {
    return ReadInstitution(unit(), institution_id);
  }

  Result<Surroundings> ReadSurroundings() override {
    TILTS_ASSIGN(const auto rows, unit().Exec("SELECT institution_id, successor_id FROM institution"));
    Surroundings known;
    for (const Row row : rows) {
      known.institutions.insert(row.Text(0));
      if (auto successor = row.OptionalText(1)) known.successors[row.Text(0)] = *successor;
    }
    return known;
  }

  core::Status SaveInstitution(const Institution& institution, bool seeded) override {
    return WriteInstitution(unit(), institution, seeded);
  }

  Result<std::vector<std::string>> OperatorIds() override {
    TILTS_ASSIGN(const auto rows,
                 unit().Exec("SELECT institution_id FROM institution WHERE kind = $1 ORDER BY institution_id",
                             {static_cast<int>(InstitutionKind::kOperator)}));
    std::vector<std::string> ids;
    for (const Row row : rows) ids.push_back(row.Text(0));
    return ids;
  }

  core::Status CreateClient(const std::string& client_id, const std::string& name, CityTime now) override {
    return Run("INSERT INTO client (client_id, name, created_at) VALUES ($1, $2, $3)", {client_id, name, now});
  }

  core::Status LockClient(const std::string& client_id) override {
    TILTS_ASSIGN(const auto rows,
                 unit().Exec("SELECT client_id FROM client WHERE client_id = $1 FOR UPDATE", {client_id}));
    if (!rows.empty()) return {};
    return Fail(Errc::kNotFound, "no client has this id: create it first", "CLIENT_UNKNOWN");
  }

  Result<std::vector<Credential>> ListCredentials(const std::string& client_id) override {
    TILTS_ASSIGN(const auto rows,
                 unit().Exec("SELECT credential_id, client_id, secret_sha256, issued_at, expires_at FROM credential "
                             "WHERE revoked_at IS NULL AND ($1 = '' OR client_id = $1) ORDER BY credential_id",
                             {client_id}));
    std::vector<Credential> credentials;
    for (const Row row : rows) {
      credentials.push_back({row.Text(0), row.Text(1), row.BytesOf(2), row.Time(3), row.OptionalTime(4), std::nullopt});
    }
    return credentials;
  }

  core::Status AddCredential(const Credential& credential) override {
    return Run(
        "INSERT INTO credential (credential_id, client_id, secret_sha256, issued_at, expires_at) "
        "VALUES ($1, $2, $3, $4, $5)",
        {credential.credential_id, credential.client_id, Bytes{credential.secret_sha256}, credential.issued_at,
         credential.expires_at});
  }

  Result<std::vector<Grant>> ListGrants() override {
    TILTS_ASSIGN(const auto rows,
                 unit().Exec("SELECT grant_id, client_id, institution_id, operations, valid_from, valid_to "
                             "FROM institution_grant WHERE revoked_at IS NULL ORDER BY grant_id"));
    std::vector<Grant> grants;
    for (const Row row : rows) {
      grants.push_back({row.Text(0), row.Text(1), row.Text(2), row.Texts(3), row.OptionalTime(4), row.OptionalTime(5),
                        std::nullopt});
    }
    return grants;
  }

  core::Status AddGrant(const Grant& grant) override {
    return Run(
        "INSERT INTO institution_grant (grant_id, client_id, institution_id, operations, valid_from, valid_to) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        {grant.grant_id, grant.client_id, grant.institution_id, grant.operations, grant.valid_from, grant.valid_to});
  }

  core::Status RevokeCredential(const std::string& client_id, const std::string& credential_id, CityTime now) override {
    TILTS_ASSIGN(const auto rows, unit().Exec("UPDATE credential SET revoked_at = COALESCE(revoked_at, $3) "
                                              "WHERE client_id = $1 AND credential_id = $2",
                                              {client_id, credential_id, now}));
    if (rows.affected() == 1) return {};
    return Fail(Errc::kNotFound, "the client has no such credential", "CREDENTIAL_UNKNOWN");
  }

  core::Status RevokeGrant(const std::string& client_id, const std::string& grant_id, CityTime now) override {
    TILTS_ASSIGN(const auto rows, unit().Exec("UPDATE institution_grant SET revoked_at = COALESCE(revoked_at, $3) "
                                              "WHERE client_id = $1 AND grant_id = $2",
                                              {client_id, grant_id, now}));
    if (rows.affected() == 1) return {};
    return Fail(Errc::kNotFound, "the client has no such grant", "GRANT_UNKNOWN");
  }
};

}  // namespace

core::Status SqlRegister::Transact(const std::function<core::Status(RegisterSession&)>& work) {
  return database_.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    SqlRegisterSession session(unit, idempotency_);
    return work(session);
  });
}

}  // namespace tilts::registry
