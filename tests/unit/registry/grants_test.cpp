#include "registry/domain/grants.hpp"

#include <gtest/gtest.h>

namespace tilts::registry {
namespace {

using std::chrono::days;
using std::chrono::hours;

const core::CityTime kNow = core::ParseRfc3339("2026-03-02T08:00:00Z").value();

Credential Issued(const char* id, core::CityTime expires_at) {
  return {id, "vendor", std::string(32, 'h'), kNow - days{30}, expires_at, std::nullopt};
}

TEST(DecideIssueTest, EndsAfterAYearUnlessAskedOtherwise) {
  EXPECT_EQ(*DecideIssue({}, std::nullopt, kNow), kNow + kDefaultCredentialLife);
  EXPECT_EQ(*DecideIssue({}, kNow + hours{1}, kNow), kNow + hours{1});
}

TEST(DecideIssueTest, RefusedWhenTheEndIsPastOrTooFar) {
  EXPECT_EQ(DecideIssue({}, kNow, kNow).error().reason, "CREDENTIAL_EXPIRY");
  EXPECT_EQ(DecideIssue({}, kNow + kLongestCredentialLife + hours{1}, kNow).error().violations.front().field,
            "expires_at");
}

TEST(DecideIssueTest, TwoMayBeValidWhileRotatingAndNoThird) {
  const Credential first = Issued("first", kNow + days{1});
  const Credential second = Issued("second", kNow + days{300});
  EXPECT_TRUE(DecideIssue({first}, std::nullopt, kNow));
  EXPECT_EQ(DecideIssue({first, second}, std::nullopt, kNow).error().reason, "CREDENTIALS_TWO");
  Credential revoked = first;
  revoked.revoked_at = kNow;
  EXPECT_TRUE(DecideIssue({revoked, second}, std::nullopt, kNow));
  EXPECT_TRUE(DecideIssue({first, second}, std::nullopt, kNow + days{1}));
}

Grant Wanted(std::vector<std::string> operations) {
  return {"g", "vendor", "riga-school-001", std::move(operations), {}, {}, {}};
}

const std::set<std::string> kKnown{"report.write", "referral.read"};

TEST(DecideGrantTest, OperationsAreSortedAndEachOnce) {
  EXPECT_EQ(DecideGrant(Wanted({"report.write", "referral.read", "report.write"}), kKnown)->operations,
            (std::vector<std::string>{"referral.read", "report.write"}));
  EXPECT_TRUE(DecideGrant(Wanted({"*"}), kKnown));
}

TEST(DecideGrantTest, RefusedWhenAnOperationIsUnknownMissingOrBesideTheStar) {
  EXPECT_EQ(DecideGrant(Wanted({"report.rite"}), kKnown).error().reason, "OPERATION_UNKNOWN");
  EXPECT_EQ(DecideGrant(Wanted({}), kKnown).error().reason, "REQUIRED");
  EXPECT_EQ(DecideGrant(Wanted({"*", "report.write"}), kKnown).error().reason, "OPERATION_UNKNOWN");
}

TEST(DecideGrantTest, RefusedWhenItEndsBeforeItBegins) {
  Grant grant = Wanted({"*"});
  grant.valid_from = kNow;
  grant.valid_to = kNow;
  EXPECT_EQ(DecideGrant(grant, kKnown).error().reason, "VALIDITY");
}

TEST(ValidateClientTest, IdIsACodeAndNameIsGiven) {
  EXPECT_TRUE(ValidateClient("e-journal", "School journal"));
  EXPECT_FALSE(ValidateClient("E Journal", "School journal"));
  EXPECT_FALSE(ValidateClient("e-journal", ""));
}

}  // namespace
}  // namespace tilts::registry
