#include <thread>

#include "auth/grant_directory.hpp"
#include "registry_fixture.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

using core::Errc;

class ClientsTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    if (HasFatalFailure()) return;
    Seed();
    v1::CreateClientRequest request;
    request.set_request_id("client");
    request.set_client_id("e-journal");
    request.set_name("School journal");
    ASSERT_TRUE(register_->CreateClient(AsOperator(), request));
  }

  core::Result<v1::IssueCredentialResponse> Issue(const std::string& request_id = testing::UniqueName("i")) {
    v1::IssueCredentialRequest request;
    request.set_request_id(request_id);
    request.set_client_id("e-journal");
    return register_->IssueCredential(AsOperator(), request);
  }

  core::Status Revoke(const std::string& credential_id, const std::string& client_id = "e-journal") {
    v1::RevokeCredentialRequest request;
    request.set_request_id(testing::UniqueName("x"));
    request.set_client_id(client_id);
    request.set_credential_id(credential_id);
    TILTS_CHECK(register_->RevokeCredential(AsOperator(), request));
    return {};
  }

  core::Result<v1::Grant> GrantTo(const std::string& institution, const std::vector<std::string>& operations) {
    v1::GrantInstitutionRequest request;
    request.set_request_id(testing::UniqueName("g"));
    request.set_client_id("e-journal");
    request.set_institution_id(institution);
    for (const std::string& operation : operations) request.add_operations(operation);
    TILTS_ASSIGN(const auto response, register_->GrantInstitution(AsOperator(), request));
    return response.grant();
  }

  // What a door knows after asking the registry.
  std::unique_ptr<auth::GrantDirectory> Door() {
    auto door = std::make_unique<auth::GrantDirectory>(
        auth::GrantDirectoryOptions{}, [this](std::uint64_t known) { return register_->GetGrantSnapshot(known); });
    EXPECT_TRUE(door->Refresh());
    return door;
  }

  const core::CityTime now_ = AsOperator().now;
};

TEST_F(ClientsTest, IssuedKeyOpensTheDoorsAndIsStoredAsAHashOnly) {
  const auto issued = Issue().value();
  EXPECT_EQ(*Door()->Authenticate(issued.api_key(), now_), "e-journal");
  const std::string secret = auth::ParseApiKey(issued.api_key())->secret;
  for (const char* table : {"credential", "idempotency", "outbox"}) {
    EXPECT_EQ(Count("SELECT count(*) FROM " + std::string(table) +
                        " t WHERE strpos(t::text, $1) > 0 OR "
                        "strpos(t::text, encode($1::bytea, 'hex')) > 0",
                    {secret}),
              0)
        << table;
  }
}

TEST_F(ClientsTest, KeyIsShownOnceAndTheRepeatSaysWhatToDo) {
  const auto first = Issue("once");
  ASSERT_TRUE(first);
  const auto again = Issue("once");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, "CREDENTIAL_SHOWN");
  EXPECT_NE(again.error().message.find(first->credential_id()), std::string::npos);
  EXPECT_EQ(Count("SELECT count(*) FROM credential"), 1);
}

TEST_F(ClientsTest, TwoKeysWorkWhileRotatingThenTheOldOneIsRevoked) {
  const auto old_key = Issue().value();
  const auto new_key = Issue().value();
  EXPECT_EQ(Issue().error().reason, "CREDENTIALS_TWO");
  ASSERT_TRUE(Door()->Authenticate(old_key.api_key(), now_));
  ASSERT_TRUE(Revoke(old_key.credential_id()));
  const auto door = Door();
  EXPECT_EQ(door->Authenticate(old_key.api_key(), now_).error().code, Errc::kUnauthenticated);
  EXPECT_TRUE(door->Authenticate(new_key.api_key(), now_));
  EXPECT_TRUE(Issue());
}

TEST_F(ClientsTest, TwoIssuedAtOnceAreNeverThree) {
  ASSERT_TRUE(Issue());
  std::vector<std::thread> callers;
  std::atomic<int> issued = 0;
  for (int i = 0; i < 4; ++i) callers.emplace_back([&] { issued += Issue().has_value() ? 1 : 0; });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(issued, 1);
  EXPECT_EQ(Count("SELECT count(*) FROM credential"), 2);
}

TEST_F(ClientsTest, ExpiredKeyNoLongerOpens) {
  const auto issued = Issue().value();
  const auto end = wire::FromTimestamp(issued.expires_at()).value();
  const auto door = Door();
  EXPECT_TRUE(door->Authenticate(issued.api_key(), end - std::chrono::seconds{1}));
  EXPECT_EQ(door->Authenticate(issued.api_key(), end).error().reason, "KEY_EXPIRED");
}

TEST_F(ClientsTest, GrantGivesItsOperationsUntilItIsRevoked) {
  const auto grant = GrantTo("riga-school-001", {"report.write"}).value();
  const auto door = Door();
  EXPECT_TRUE(door->CheckOperation("e-journal", "riga-school-001", "report.write", now_));
  EXPECT_EQ(door->CheckOperation("e-journal", "riga-school-001", "registry.read", now_).error().reason,
            "OPERATION_NOT_GRANTED");
  EXPECT_EQ(door->CheckOperation("e-journal", "riga-school-002", "report.write", now_).error().reason, "GRANT_MISSING");
  v1::RevokeGrantRequest request;
  request.set_request_id("revoke");
  request.set_client_id("e-journal");
  request.set_grant_id(grant.grant_id());
  ASSERT_TRUE(register_->RevokeGrant(AsOperator(), request));
  EXPECT_EQ(Door()->CheckOperation("e-journal", "riga-school-001", "report.write", now_).error().reason,
            "GRANT_MISSING");
}

TEST_F(ClientsTest, SnapshotOfAKnownVersionHoldsTheVersionOnly) {
  ASSERT_TRUE(Issue());
  const auto snapshot = register_->GetGrantSnapshot(0).value();
  EXPECT_EQ(snapshot.credentials_size(), 1);
  EXPECT_EQ(snapshot.operator_institution_ids(0), "tilts-operator");
  const auto same = register_->GetGrantSnapshot(snapshot.version()).value();
  EXPECT_EQ(same.version(), snapshot.version());
  EXPECT_EQ(same.credentials_size(), 0);
}

TEST_F(ClientsTest, OnlyTheOperatorChangesClientsAndOthersLearnNothing) {
  v1::IssueCredentialRequest request;
  request.set_request_id("r");
  for (const char* client : {"e-journal", "nobody"}) {
    request.set_client_id(client);
    EXPECT_EQ(register_->IssueCredential(As("riga-rsd"), request).error().reason, "OPERATOR_ONLY");
  }
  EXPECT_EQ(Count("SELECT count(*) FROM credential"), 0);
}

TEST_F(ClientsTest, UnknownAndForeignIdsLookAlike) {
  EXPECT_EQ(GrantTo("riga-moon-base", {"*"}).error().reason, "INSTITUTION_UNKNOWN");
  EXPECT_EQ(GrantTo("riga-rsd", {"everything"}).error().reason, "OPERATION_UNKNOWN");
  v1::CreateClientRequest other;
  other.set_request_id("other");
  other.set_client_id("other-vendor");
  other.set_name("Other");
  ASSERT_TRUE(register_->CreateClient(AsOperator(), other));
  const auto issued = Issue().value();
  const auto foreign = Revoke(issued.credential_id(), "other-vendor");
  const auto unknown = Revoke("aaaaaaaaaaaaaaaa");
  EXPECT_EQ(foreign.error(), unknown.error());
  EXPECT_TRUE(Door()->Authenticate(issued.api_key(), now_));
}

TEST_F(ClientsTest, EveryCommandLeavesOneAuditRecordWithIdsOnly) {
  const auto issued = Issue().value();
  const auto records = AuditRecords();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[1].object_ids(1), "credential/" + issued.credential_id());
  EXPECT_EQ(records[1].ShortDebugString().find(issued.api_key()), std::string::npos);
}

TEST_F(ClientsTest, FirstOperatorKeyIsMadeOnce) {
  const auth::ApiKey key = auth::NewApiKey();
  EXPECT_TRUE(*MakeFirstOperator(*register_store_, key));
  EXPECT_FALSE(*MakeFirstOperator(*register_store_, auth::NewApiKey()));
  const auto door = Door();
  EXPECT_EQ(*door->Authenticate(auth::FormatApiKey(key), now_), "operator");
  EXPECT_EQ(*door->CheckOperation("operator", "tilts-operator", "registry.write", now_),
            auth::Principal::Kind::kOperator);
}

}  // namespace
}  // namespace tilts::registry
