#include "wire/projection.hpp"

#include <gtest/gtest.h>
#include <wire_fixtures.pb.h>

#include "wire/json.hpp"

namespace tilts::wire {
namespace {

using fixtures::v1::Everything;

Everything Full() {
  Everything message;
  const auto status = FromJson(
      R"({"case_id": "c1", "colour": "COLOUR_RED", "at": "2026-03-02T06:30:00Z", "wait": "1s", "note": "free text",
          "reporter": "r", "secret": "s", "child": {"child_id": "k", "name": "n", "next": {"name": "m"}},
          "children": [{"child_id": "a", "name": "n"}], "by_name": {"x": {"child_id": "b", "name": "n"}},
          "words": ["w"], "left": "l", "hidden_whole": {"child_id": "h"}, "unclassed": "u"})",
      message);
  EXPECT_TRUE(status.has_value());
  return message;
}

std::string Shown(std::string_view view_name) {
  return *ProjectedJson(Full(), *ViewPolicy::BuiltIn().Find(view_name));
}

TEST(ProjectionTest, ShowsTheStubOnlyRoutingAtEveryDepth) {
  EXPECT_EQ(
      Shown("REFERRAL_STUB"),
      R"({"case_id":"c1","at":"2026-03-02T06:30:00Z","child":{"child_id":"k","next":{}},"children":[{"child_id":"a"}]})");
}

TEST(ProjectionTest, ShowsThePreviewFactsButNoPerson) {
  EXPECT_EQ(Shown("REFERRAL_PREVIEW"),
            R"({"case_id":"c1","colour":"COLOUR_RED","at":"2026-03-02T06:30:00Z","child":{"child_id":"k","next":{}},)"
            R"("children":[{"child_id":"a"}],"by_name":{"x":{"child_id":"b"}},"left":"l"})");
}

TEST(ProjectionTest, HidesReporterCredentialAndUnclassedFromEveryView) {
  for (const char* name : {"FULL_OWNER", "REFERRAL_PREVIEW", "REFERRAL_ACCEPTED", "REFERRAL_REQUESTER", "REFERRAL_STUB",
                           "REPORTER_RECEIPT", "WEBHOOK", "AUDIT", "OPERATOR", "LOG"}) {
    Everything message = Full();
    Project(message, *ViewPolicy::BuiltIn().Find(name));
    EXPECT_EQ(message.reporter(), "") << name;
    EXPECT_EQ(message.secret(), "") << name;
    EXPECT_EQ(message.unclassed(), "") << name;
    EXPECT_FALSE(message.has_hidden_whole()) << name;
  }
}

TEST(ProjectionTest, KeepsTextAndPersonsOutOfWebhookAuditAndLog) {
  for (const char* name : {"WEBHOOK", "AUDIT", "OPERATOR", "LOG", "REPORTER_RECEIPT"}) {
    Everything message = Full();
    Project(message, *ViewPolicy::BuiltIn().Find(name));
    EXPECT_EQ(message.note(), "") << name;
    EXPECT_EQ(message.words_size(), 0) << name;
    EXPECT_EQ(message.child().name(), "") << name;
    EXPECT_EQ(message.colour(), 0) << name;
  }
}

TEST(ProjectionTest, ShowsNothingByDefault) {
  Everything message = Full();
  Project(message, View());
  EXPECT_EQ(*ToJson(message), R"({"child":{"next":{}},"children":[{}]})");
}

TEST(ProjectionTest, DropsFieldsOfANewerContract) {
  Everything newer = Full();
  fixtures::v1::Older older;
  ASSERT_TRUE(older.ParseFromString(newer.SerializeAsString()));
  Project(older, *ViewPolicy::BuiltIn().Find("FULL_OWNER"));
  fixtures::v1::Older expected;
  expected.set_case_id("c1");
  EXPECT_EQ(older.SerializeAsString(), expected.SerializeAsString());
}

}  // namespace
}  // namespace tilts::wire
