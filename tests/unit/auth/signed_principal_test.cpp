#include "auth/signed_principal.hpp"

#include <gtest/gtest.h>

#include "crypto/encoding.hpp"

namespace tilts::auth {
namespace {

using std::chrono::seconds;

class SignedPrincipalTest : public testing::Test {
 protected:
  static Principal School() {
    Principal principal;
    principal.kind = Principal::Kind::kInstitution;
    principal.client_id = "vendor";
    principal.institution_id = "school-1";
    principal.role = "DUTY_OFFICER";
    principal.purpose = "CHILD_PROTECTION";
    principal.grants_version = 7;
    return principal;
  }

  static std::string ReasonOf(const core::Result<Principal>& result) { return result ? "" : result.error().reason; }

  crypto::SigningKey key_ = crypto::SigningKey::Random();
  PrincipalSigner gateway_{"gateway", key_};
  PrincipalVerifier intake_{"case-intake", {{"gateway", key_.public_key()}}};
  MachineTime now_ = *core::ParseRfc3339("2026-03-02T08:00:00Z");
};

TEST_F(SignedPrincipalTest, CarriesThePrincipalAndNamesItsIssuer) {
  const auto back = intake_.Verify(*gateway_.Sign(School(), "case-intake", now_), now_);
  ASSERT_TRUE(back.has_value());
  Principal expected = School();
  expected.issuer = "gateway";
  EXPECT_EQ(*back, expected);
}

TEST_F(SignedPrincipalTest, IsRefusedByAnotherService) {
  const PrincipalVerifier routing("referral-routing", {{"gateway", key_.public_key()}});
  EXPECT_EQ(ReasonOf(routing.Verify(*gateway_.Sign(School(), "case-intake", now_), now_)), "PRINCIPAL_AUDIENCE");
}

TEST_F(SignedPrincipalTest, LivesAMinuteOfTheMachineClock) {
  const std::string token = *gateway_.Sign(School(), "case-intake", now_);
  EXPECT_TRUE(intake_.Verify(token, now_ + seconds(59)));
  EXPECT_EQ(ReasonOf(intake_.Verify(token, now_ + seconds(60))), "PRINCIPAL_EXPIRED");
  EXPECT_TRUE(intake_.Verify(token, now_ - kPrincipalSkew));
  EXPECT_EQ(ReasonOf(intake_.Verify(token, now_ - kPrincipalSkew - seconds(1))), "PRINCIPAL_EXPIRED");
}

TEST_F(SignedPrincipalTest, IsRefusedWhenAnyByteOfItChanged) {
  const std::string token = *gateway_.Sign(School(), "case-intake", now_);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string altered = token;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(intake_.Verify(altered, now_)) << i;
  }
  EXPECT_FALSE(intake_.Verify(token.substr(0, token.size() - 4), now_));
  EXPECT_FALSE(intake_.Verify("", now_));
  EXPECT_FALSE(intake_.Verify("v1.", now_));
}

TEST_F(SignedPrincipalTest, IsRefusedFromAnIssuerThatIsNotTrusted) {
  const PrincipalSigner stranger("gateway", crypto::SigningKey::Random());
  EXPECT_EQ(ReasonOf(intake_.Verify(*stranger.Sign(School(), "case-intake", now_), now_)), "PRINCIPAL_INVALID");
  const PrincipalSigner unknown("elsewhere", key_);
  EXPECT_EQ(ReasonOf(intake_.Verify(*unknown.Sign(School(), "case-intake", now_), now_)), "PRINCIPAL_INVALID");
}

TEST_F(SignedPrincipalTest, IsAcceptedUnderEitherKeyWhileRotating) {
  const crypto::SigningKey next = crypto::SigningKey::Random();
  const PrincipalVerifier both("case-intake", {{"gateway", key_.public_key()}, {"gateway", next.public_key()}});
  EXPECT_TRUE(both.Verify(*gateway_.Sign(School(), "case-intake", now_), now_));
  EXPECT_TRUE(both.Verify(*PrincipalSigner("gateway", next).Sign(School(), "case-intake", now_), now_));
}

TEST_F(SignedPrincipalTest, NamesTheServiceAndItsCause) {
  const auto back = intake_.Verify(*gateway_.SignAsSelf("case-intake", "event-7", now_), now_);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->kind, Principal::Kind::kService);
  EXPECT_EQ(back->service, "gateway");
  EXPECT_EQ(back->cause_id, "event-7");
}

TEST_F(SignedPrincipalTest, IsRefusedWhenAServiceSpeaksForAnother) {
  Principal other;
  other.kind = Principal::Kind::kService;
  other.service = "referral-routing";
  EXPECT_EQ(ReasonOf(intake_.Verify(*gateway_.Sign(other, "case-intake", now_), now_)), "PRINCIPAL_INVALID");
  Principal disguised = School();
  disguised.service = "gateway";
  EXPECT_EQ(ReasonOf(intake_.Verify(*gateway_.Sign(disguised, "case-intake", now_), now_)), "PRINCIPAL_INVALID");
}

TEST_F(SignedPrincipalTest, RefusesToSignALineBreak) {
  Principal sly = School();
  sly.client_id = "vendor\nschool-2";
  EXPECT_FALSE(gateway_.Sign(sly, "case-intake", now_));
}

}  // namespace
}  // namespace tilts::auth
