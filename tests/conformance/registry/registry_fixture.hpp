#pragma once

#include <tilts/audit/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "crypto/encoding.hpp"
#include "events/envelope_codec.hpp"
#include "postgres/migrator.hpp"
#include "registry/adapters/data_files.hpp"
#include "registry/adapters/sql_register.hpp"
#include "registry/adapters/sql_vault.hpp"
#include "registry/app/pupil_app.hpp"
#include "registry/app/seed.hpp"
#include "registry/app/vault_app.hpp"
#include "testing/server_set.hpp"

namespace tilts::registry {

// The registry's own schema on the real PostgreSQL, seeded, with its apps on top.
class RegistryTest : public testing::ServerTest {
 protected:
  static crypto::KeyRing Ring(const std::string& id, char fill, const std::string& older = {}) {
    return crypto::KeyRing::Parse(id + " " + crypto::ToBase64(std::string(32, fill)) + "\n" + older).value();
  }
  static std::string OldKey(const std::string& id, char fill) {
    return id + " " + crypto::ToBase64(std::string(32, fill));
  }

  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    const std::string source = std::string(TILTS_SOURCE_DIR) + "/services/registry";
    database_ = std::make_unique<postgres::Database>(FreshSchema("registry"));
    ASSERT_TRUE(postgres::Migrate(*database_, postgres::ReadMigrations(source + "/migrations").value()));
    keys_ = std::make_unique<VaultKeys>(Ring("m1", 'm'), Ring("i1", 'i'));
    register_store_ = std::make_unique<SqlRegister>(*database_, idempotency_);
    vault_store_ = std::make_unique<SqlVault>(*database_, idempotency_, *keys_);
    auto calendars = LoadCalendars(source + "/data/calendars").value();
    seed_ = LoadSeed(source + "/data", calendars).value();
    register_ = std::make_unique<RegisterApp>(*register_store_, std::move(calendars), ContractOperations());
    vault_ = std::make_unique<VaultApp>(*vault_store_);
    pupils_ = std::make_unique<PupilApp>(*vault_store_);
  }

  void Seed() { ASSERT_TRUE(ApplySeed(*register_store_, seed_)); }

  // A call as the gatekeeper would have admitted it.
  static rpc::CallContext CallOf(auth::Principal::Kind kind, const std::string& institution) {
    rpc::CallContext call;
    call.principal.kind = kind;
    call.principal.institution_id = institution;
    call.principal.client_id = institution.empty() ? "" : "client-of-" + institution;
    call.principal.service = kind == auth::Principal::Kind::kService ? "case-intake" : "";
    call.principal.issuer = kind == auth::Principal::Kind::kService ? "case-intake" : "api-key";
    call.method = "tilts.registry.v1.Test/Call";
    call.call_id = testing::UniqueName("call");
    call.now = core::ParseRfc3339("2026-03-02T08:00:00Z").value();
    return call;
  }
  static rpc::CallContext AsOperator() { return CallOf(auth::Principal::Kind::kOperator, "tilts-operator"); }
  static rpc::CallContext As(const std::string& institution) {
    return CallOf(auth::Principal::Kind::kInstitution, institution);
  }
  static rpc::CallContext AsIntake() { return CallOf(auth::Principal::Kind::kService, ""); }

  // The audit records waiting in the outbox, oldest first.
  std::vector<audit::v1::AuditRecorded> AuditRecords() {
    std::vector<audit::v1::AuditRecorded> records;
    const auto rows = database_->Query("SELECT body FROM outbox WHERE topic = 'tilts.audit.v1' ORDER BY seq").value();
    for (const postgres::Row row : rows) {
      const auto envelope = events::Decode(row.BytesOf(0)).value();
      EXPECT_TRUE(events::DecodeEventInto(envelope, records.emplace_back()));
    }
    return records;
  }

  std::int64_t Count(const std::string& sql, const postgres::Params& params = {}) {
    return database_->Query(sql, params).value().front().Int(0);
  }

  const postgres::Idempotency idempotency_{"test secret"};
  std::unique_ptr<postgres::Database> database_;
  std::unique_ptr<VaultKeys> keys_;
  std::unique_ptr<SqlRegister> register_store_;
  std::unique_ptr<SqlVault> vault_store_;
  std::vector<Institution> seed_;
  std::unique_ptr<RegisterApp> register_;
  std::unique_ptr<VaultApp> vault_;
  std::unique_ptr<PupilApp> pupils_;
};

// Reports about people, as case_intake sends them.
class VaultTest : public RegistryTest {
 protected:
  static intake::v1::ReportedPerson Person(
      const std::vector<std::pair<codes::v1::IdentifierSystem, std::string>>& identifiers,
      const std::string& name = {}) {
    intake::v1::ReportedPerson person;
    for (const auto& [system, value] : identifiers) {
      auto& added = *person.add_identifiers();
      added.set_system(system);
      added.set_value(value);
    }
    person.set_given_name(name);
    return person;
  }

  core::Result<v1::ResolvePersonsResponse> Resolve(const std::vector<intake::v1::ReportedPerson>& people,
                                                   const std::string& institution = "riga-school-001",
                                                   const std::string& request_id = {}) {
    v1::ResolvePersonsRequest request;
    request.set_request_id(request_id.empty() ? testing::UniqueName("r") : request_id);
    request.set_institution_id(institution);
    for (const auto& person : people) *request.add_people() = person;
    return vault_->ResolvePersons(AsIntake(), request);
  }

  v1::ResolvedPerson ResolveOne(const intake::v1::ReportedPerson& person,
                                const std::string& institution = "riga-school-001") {
    return Resolve({person}, institution).value().people(0);
  }

  core::Result<v1::DescribePersonsResponse> Describe(const std::string& person_id) {
    v1::DescribePersonsRequest request;
    request.add_person_ids(person_id);
    request.set_on_behalf_of_institution_id("riga-rsd");
    return vault_->DescribePersons(AsIntake(), request);
  }

  core::Status Erase(const std::string& person_id, const rpc::CallContext& call) {
    v1::ErasePersonRequest request;
    request.set_request_id(testing::UniqueName("e"));
    request.set_person_id(person_id);
    request.set_legal_basis("GDPR-17");
    TILTS_CHECK(vault_->ErasePerson(call, request));
    return {};
  }

  core::Status Link(const std::string& person_id, const std::string& alias, const rpc::CallContext& call) {
    v1::LinkPersonsRequest request;
    request.set_request_id(testing::UniqueName("l"));
    request.set_person_id(person_id);
    request.set_alias_person_id(alias);
    TILTS_CHECK(vault_->LinkPersons(call, request));
    return {};
  }

  core::Result<std::string> Wrap(const std::string& person_id, const std::string& key) {
    v1::WrapKeysRequest request;
    request.set_person_id(person_id);
    request.add_keys(key);
    TILTS_ASSIGN(const auto response, vault_->WrapKeys(request));
    return response.wrapped_keys(0);
  }

  core::Result<std::string> Unwrap(const std::string& person_id, const std::string& wrapped) {
    v1::UnwrapKeysRequest request;
    request.set_person_id(person_id);
    request.add_wrapped_keys(wrapped);
    TILTS_ASSIGN(const auto response, vault_->UnwrapKeys(request));
    return response.keys(0);
  }
};

inline constexpr auto kNationalCode = codes::v1::IDENTIFIER_SYSTEM_NATIONAL_CODE;
inline constexpr auto kPupilNumber = codes::v1::IDENTIFIER_SYSTEM_PUPIL_NUMBER;
inline constexpr auto kPassport = codes::v1::IDENTIFIER_SYSTEM_PASSPORT;

}  // namespace tilts::registry
