#include "auth/gatekeeper.hpp"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <tilts/options/v1/options.pb.h>

#include "auth/credentials.hpp"
#include "snapshots.hpp"
#include "wire/contract_lint.hpp"

namespace tilts::auth {
namespace {

struct FixedClock final : core::MachineClock {
  core::CityTime Now() const override { return now; }
  core::CityTime now = At("2026-03-02T08:00:00Z");
};

class GatekeeperTest : public testing::Test {
 protected:
  static const google::protobuf::MethodDescriptor& Method(const std::string& name) {
    const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
    EXPECT_NE(method, nullptr) << name;
    return *method;
  }

  core::Result<Principal> Admit(const std::string& method, const rpc::Metadata& metadata) {
    return gatekeeper_.Admit(Method(method), metadata, clock_.now);
  }

  std::string ReasonOf(const std::string& method, const rpc::Metadata& metadata) {
    const auto principal = Admit(method, metadata);
    return principal ? "" : principal.error().reason;
  }

  rpc::Metadata WithKey(const std::string& institution = "school-1") {
    return {{"authorization", "Bearer " + FormatApiKey(key_)}, {"tilts-institution", institution}};
  }

  static constexpr char kReport[] = "tilts.intake.v1.IntakeService.ReportConcern";
  static constexpr char kGetCase[] = "tilts.intake.v1.IntakeService.GetCase";
  static constexpr char kInner[] = "tilts.intake.v1.IntakeService.GetCaseForReferral";

  FixedClock clock_;
  ApiKey key_ = NewApiKey();
  SnapshotBuilder snapshot_ = SnapshotBuilder(1).Key(key_, "vendor").Grant("vendor", "school-1", {"report.write"});
  GrantDirectory grants_{{},
                         [this](std::uint64_t) { return core::Result<GrantDirectory::Snapshot>(snapshot_.snapshot); }};
  crypto::SigningKey routing_key_ = crypto::SigningKey::Random();
  crypto::SigningKey gateway_key_ = crypto::SigningKey::Random();
  PrincipalVerifier verifier_{
      "case-intake", {{"referral-routing", routing_key_.public_key()}, {"gateway", gateway_key_.public_key()}}};
  Gatekeeper gatekeeper_{grants_, verifier_, clock_};
  PrincipalSigner routing_{"referral-routing", routing_key_};
  PrincipalSigner gateway_{"gateway", gateway_key_};
};

TEST_F(GatekeeperTest, AdmitsAnApiKeyWithAGrantedInstitutionAndOperation) {
  auto metadata = WithKey();
  metadata.emplace("tilts-role", "head-teacher");
  metadata.emplace("tilts-unit", "u1");
  metadata.emplace("tilts-purpose", "PROTECTION");
  const auto principal = Admit(kReport, metadata);
  ASSERT_TRUE(principal.has_value());
  EXPECT_EQ(principal->kind, Principal::Kind::kInstitution);
  EXPECT_EQ(principal->client_id, "vendor");
  EXPECT_EQ(principal->institution_id, "school-1");
  EXPECT_EQ(principal->role, "head-teacher");
  EXPECT_EQ(principal->unit_id, "u1");
  EXPECT_EQ(principal->purpose, "PROTECTION");
  EXPECT_EQ(principal->issuer, "api-key");
  EXPECT_EQ(principal->grants_version, grants_.version());
}

TEST_F(GatekeeperTest, NamesTheReasonOfEachRefusal) {
  EXPECT_EQ(ReasonOf(kReport, {}), "CREDENTIALS_MISSING");
  EXPECT_EQ(ReasonOf(kReport, {{"authorization", "Basic x"}}), "CREDENTIALS_MISSING");
  EXPECT_EQ(ReasonOf(kReport, {{"authorization", "Bearer tk_x"}}), "KEY_UNKNOWN");
  EXPECT_EQ(ReasonOf(kReport, WithKey("")), "INSTITUTION_MISSING");
  EXPECT_EQ(ReasonOf(kReport, WithKey("school-2")), "GRANT_MISSING");
  EXPECT_EQ(ReasonOf(kGetCase, WithKey()), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(ReasonOf(kInner, WithKey()), "OPERATION_NOT_GRANTED");
  auto twice = WithKey();
  twice.emplace("tilts-institution", "school-2");
  EXPECT_EQ(ReasonOf(kReport, twice), "METADATA_INVALID");
  auto odd = WithKey();
  odd.emplace("tilts-role", "a name with spaces");
  EXPECT_EQ(ReasonOf(kReport, odd), "METADATA_INVALID");
}

TEST_F(GatekeeperTest, RefusesAKeyTogetherWithAPrincipal) {
  auto metadata = WithKey();
  metadata.emplace("tilts-principal", *routing_.SignAsSelf("case-intake", "e1", clock_.now));
  EXPECT_EQ(ReasonOf(kInner, metadata), "CREDENTIALS_TWICE");
}

TEST_F(GatekeeperTest, AdmitsAServiceOnTheMethodsList) {
  SigningCredentials credentials(routing_, clock_);
  const auto principal = Admit(kInner, *credentials.For("case-intake", nullptr, "event-1"));
  ASSERT_TRUE(principal.has_value());
  EXPECT_EQ(principal->service, "referral-routing");
  EXPECT_EQ(principal->cause_id, "event-1");
}

TEST_F(GatekeeperTest, RefusesAServiceThatIsNotOnTheList) {
  EXPECT_EQ(ReasonOf(kInner, {{"tilts-principal", *gateway_.SignAsSelf("case-intake", "r1", clock_.now)}}),
            "SERVICE_NOT_LISTED");
  EXPECT_EQ(ReasonOf(kReport, {{"tilts-principal", *routing_.SignAsSelf("case-intake", "r1", clock_.now)}}),
            "SERVICE_NOT_LISTED");
}

TEST_F(GatekeeperTest, ChecksTheGrantAgainForASignedInstitution) {
  Principal school;
  school.kind = Principal::Kind::kOperator;  // what the issuer claims about rank is not believed
  school.client_id = "vendor";
  school.institution_id = "school-1";
  SigningCredentials credentials(gateway_, clock_);
  const auto metadata = *credentials.For("case-intake", &school, "");
  const auto principal = Admit(kReport, metadata);
  ASSERT_TRUE(principal.has_value());
  EXPECT_EQ(principal->kind, Principal::Kind::kInstitution);
  EXPECT_EQ(principal->issuer, "gateway");
  EXPECT_EQ(ReasonOf(kGetCase, metadata), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(ReasonOf(kInner, metadata), "OPERATION_NOT_GRANTED");
  school.institution_id = "school-2";
  EXPECT_EQ(ReasonOf(kReport, *credentials.For("case-intake", &school, "")), "GRANT_MISSING");
}

TEST_F(GatekeeperTest, DeniesEveryMethodToAClientWithoutGrants) {
  int methods = 0;
  for (const auto* file : wire::LinkedContracts()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const auto& method = *file->service(s)->method(m);
        const auto principal = gatekeeper_.Admit(method, WithKey("police"), clock_.now);
        ASSERT_FALSE(principal.has_value()) << method.full_name();
        EXPECT_EQ(principal.error().code, core::Errc::kDenied) << method.full_name();
        ++methods;
      }
    }
  }
  EXPECT_GT(methods, 40);
}

}  // namespace
}  // namespace tilts::auth
