#include <gtest/gtest.h>
#include <tilts/options/v1/options.pb.h>

#include "wire/projection.hpp"

namespace tilts::wire {
namespace {

TEST(ViewPolicyTest, HasEveryViewOfTheHouse) {
  for (const char* name : {"FULL_OWNER", "REFERRAL_PREVIEW", "REFERRAL_ACCEPTED", "REFERRAL_REQUESTER", "REFERRAL_STUB",
                           "REPORTER_RECEIPT", "WEBHOOK", "AUDIT", "OPERATOR", "LOG"}) {
    EXPECT_TRUE(ViewPolicy::BuiltIn().Find(name).has_value()) << name;
  }
  EXPECT_FALSE(ViewPolicy::BuiltIn().version().empty());
}

TEST(ViewPolicyTest, RefusesAnUnknownView) {
  const auto view = ViewPolicy::BuiltIn().Find("EVERYTHING");
  ASSERT_FALSE(view.has_value());
  EXPECT_EQ(view.error().reason, "VIEW_UNKNOWN");
}

TEST(ViewPolicyTest, RefusesWhatItDoesNotUnderstand) {
  for (const char* text : {
           R"({})",
           R"({"version": "", "views": {"A": {"why": "x", "classes": []}}})",
           R"({"version": "1", "views": {}})",
           R"({"version": "1", "views": {"A": {"why": "x", "classes": ["SECRETS"]}}})",
           R"({"version": "1", "views": {"A": {"why": "x", "classes": ["UNSPECIFIED"]}}})",
           R"({"version": "1", "views": {"A": {"why": "x", "classes": ["PERSON", "PERSON"]}}})",
           R"({"version": "1", "views": {"A": {"why": "x", "classes": [4]}}})",
           R"({"version": "1", "views": {"A": {"why": "", "classes": []}}})",
           R"({"version": "1", "views": {"A": {"why": "x"}}})",
           R"({"version": "1", "views": {"A": {"why": "x", "classes": []}, "A": {"why": "x", "classes": []}}})",
           R"({"version": "1", "views": {"A": {"why": "x", "classes": [], "fields": []}}})",
           R"({"version": "1", "view": {}})",
           R"([])",
       }) {
    EXPECT_FALSE(ViewPolicy::FromJsonText(text).has_value()) << text;
  }
}

TEST(ViewPolicyTest, ShowsExactlyTheClassesNamed) {
  const auto policy =
      ViewPolicy::FromJsonText(R"({"version": "1", "views": {"A": {"why": "x", "classes": ["PERSON"]}}})");
  ASSERT_TRUE(policy.has_value());
  const View view = *policy->Find("A");
  for (int data_class = -1; data_class < 70; ++data_class) {
    EXPECT_EQ(view.Shows(data_class), data_class == options::v1::DATA_CLASS_PERSON) << data_class;
  }
}

TEST(ViewPolicyTest, ReportsAMissingFile) {
  EXPECT_FALSE(ViewPolicy::FromFile("/nonexistent/views.json").has_value());
}

}  // namespace
}  // namespace tilts::wire
