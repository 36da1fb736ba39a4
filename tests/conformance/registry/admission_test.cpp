#include <google/protobuf/descriptor.h>

#include "auth/gatekeeper.hpp"
#include "registry/adapters/doors.hpp"
#include "registry_fixture.hpp"
#include "rpc/method_table.hpp"

namespace tilts::registry {
namespace {

class StillClock final : public core::MachineClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2026-03-02T08:00:00Z").value(); }
};

// Every method of the services before the service's own gatekeeper, whose grants come from the database.
class AdmissionTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    if (HasFatalFailure()) return;
    Seed();
    BindRegister(methods_, *register_);
    BindVault(methods_, *vault_);
    BindPupils(methods_, *pupils_);
    directory_ = std::make_unique<auth::GrantDirectory>(
        auth::GrantDirectoryOptions{}, [this](std::uint64_t known) { return register_->GetGrantSnapshot(known); });
    gatekeeper_ = std::make_unique<auth::Gatekeeper>(*directory_, verifier_, clock_);
    const auth::ApiKey key = auth::NewApiKey();
    ASSERT_TRUE(MakeFirstOperator(*register_store_, key));
    operator_key_ = auth::FormatApiKey(key);
  }

  // A school with every operation it could be granted by "*".
  std::string SchoolKey() {
    const auth::ApiKey key = auth::NewApiKey();
    EXPECT_TRUE(register_store_->Transact([&](RegisterSession& session) -> core::Status {
      TILTS_CHECK(session.CreateClient("school", "School", clock_.Now()));
      TILTS_CHECK(session.AddCredential({key.key_id,
                                         "school",
                                         auth::ApiKeySecretHash(key.secret),
                                         clock_.Now(),
                                         clock_.Now() + std::chrono::days{1},
                                         {}}));
      TILTS_CHECK(session.AddGrant({"grant", "school", "riga-school-001", {"*"}, {}, {}, {}}));
      return session.RaiseVersion();
    }));
    EXPECT_TRUE(directory_->Refresh());
    return auth::FormatApiKey(key);
  }

  // The methods that are open, by short name.
  std::set<std::string> Open(const rpc::Metadata& metadata) {
    std::set<std::string> open;
    for (const auto* method : methods_.All()) {
      if (gatekeeper_->Admit(*method->descriptor, metadata, clock_.Now())) open.insert(method->descriptor->name());
    }
    return open;
  }

  std::set<std::string> OpenWithKey(const std::string& key, const std::string& institution) {
    return Open({{"authorization", "Bearer " + key}, {"tilts-institution", institution}});
  }

  std::set<std::string> OpenTo(const std::string& service) {
    const auth::PrincipalSigner signer(service, service_key_);
    return Open({{std::string(auth::kPrincipalMetadata), signer.SignAsSelf("registry", "job", clock_.Now()).value()}});
  }

  const StillClock clock_;
  const crypto::SigningKey service_key_ = crypto::SigningKey::Random();
  const auth::PrincipalVerifier verifier_{"registry",
                                          {{"case-intake", service_key_.public_key()},
                                           {"notification", service_key_.public_key()},
                                           {"referral-routing", service_key_.public_key()}}};
  rpc::MethodTable methods_;
  std::unique_ptr<auth::GrantDirectory> directory_;
  std::unique_ptr<auth::Gatekeeper> gatekeeper_;
  std::string operator_key_;
};

using Methods = std::set<std::string>;

TEST_F(AdmissionTest, NothingIsOpenWithoutACredentialOrWithAWrongOne) {
  EXPECT_EQ(Open({}), Methods{});
  EXPECT_EQ(OpenWithKey(auth::FormatApiKey(auth::NewApiKey()), "tilts-operator"), Methods{});
  EXPECT_EQ(OpenTo("gateway"), Methods{});
}

TEST_F(AdmissionTest, OperatorChangesTheRegisterButNeverReadsTheVault) {
  EXPECT_EQ(OpenWithKey(operator_key_, "tilts-operator"),
            (Methods{"ListInstitutions", "GetInstitution", "PutInstitution", "ListCalendars", "CreateClient",
                     "IssueCredential", "RevokeCredential", "GrantInstitution", "RevokeGrant", "LinkPersons",
                     "ErasePerson", "DestroyStatisticsKey"}));
}

TEST_F(AdmissionTest, InstitutionWithEveryOrdinaryOperationOnlyReadsTheRegister) {
  const std::string key = SchoolKey();
  EXPECT_EQ(OpenWithKey(key, "riga-school-001"), (Methods{"ListInstitutions", "GetInstitution", "ListCalendars"}));
  EXPECT_EQ(OpenWithKey(key, "riga-school-002"), Methods{});
  EXPECT_EQ(OpenWithKey(key, "tilts-operator"), Methods{});
}

TEST_F(AdmissionTest, ServicesReachWhatTheContractNamesThemFor) {
  EXPECT_EQ(OpenTo("case-intake"),
            (Methods{"ListInstitutions", "GetInstitution", "ListCalendars", "GetGrantSnapshot", "ResolvePersons",
                     "DescribePersons", "WrapKeys", "UnwrapKeys", "LookUpPupilNumbers"}));
  EXPECT_EQ(OpenTo("referral-routing"), (Methods{"ListInstitutions", "GetInstitution", "ListCalendars",
                                                 "GetGrantSnapshot", "WrapKeys", "UnwrapKeys", "DescribePersons"}));
  EXPECT_EQ(OpenTo("notification"),
            (Methods{"ListInstitutions", "GetInstitution", "ListCalendars", "GetGrantSnapshot"}));
}

}  // namespace
}  // namespace tilts::registry
