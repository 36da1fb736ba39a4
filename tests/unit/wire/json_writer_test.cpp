#include <gtest/gtest.h>
#include <wire_fixtures.pb.h>

#include "wire/json.hpp"

namespace tilts::wire {
namespace {

using fixtures::v1::Everything;

TEST(ToJsonTest, KeepsContractNamesAndWritesLargeNumbersAsStrings) {
  Everything message;
  message.set_case_id("c1");
  message.set_large(1);
  message.set_colour(fixtures::v1::COLOUR_RED);
  message.mutable_at()->set_seconds(1772433000);
  const auto json = ToJson(message);
  ASSERT_TRUE(json.has_value());
  EXPECT_EQ(*json, R"({"case_id":"c1","colour":"COLOUR_RED","large":"1","at":"2026-03-02T06:30:00Z"})");
}

TEST(ToJsonTest, ShowsDefaultsOnlyWhenAsked) {
  fixtures::v1::Older message;
  EXPECT_EQ(*ToJson(message), "{}");
  EXPECT_EQ(*ToJson(message, JsonStyle::kEveryPrimitive), R"({"case_id":""})");
}

TEST(ToJsonTest, ShowsAnAnswersOwnListsWhenTheyAreEmptyAndNothingElseThatIs) {
  Everything message;
  EXPECT_EQ(*ToJson(message, JsonStyle::kAnswer), R"({"colours":[],"children":[],"words":[]})");
  message.set_case_id("c1");
  message.add_words("w");
  message.mutable_child();
  EXPECT_EQ(*ToJson(message, JsonStyle::kAnswer),
            R"({"case_id":"c1","child":{},"words":["w"],"colours":[],"children":[]})");
  EXPECT_EQ(*ToJson(fixtures::v1::Older(), JsonStyle::kAnswer), "{}");
}

TEST(ToJsonTest, ComesBackAsTheSameMessageWithItsEmptyLists) {
  Everything message;
  message.set_case_id("c1");
  Everything back;
  ASSERT_TRUE(FromJson(*ToJson(message, JsonStyle::kAnswer), back));
  EXPECT_EQ(back.DebugString(), message.DebugString());
}

TEST(ToJsonTest, GivesAFreshStringEachTime) {
  fixtures::v1::Older message;
  message.set_case_id("a");
  const auto first = ToJson(message);
  EXPECT_EQ(*ToJson(message), *first);
}

TEST(ToJsonTest, RefusesTextThatIsNotUtf8) {
  fixtures::v1::Older message;
  message.set_case_id("\xff\xfe");
  const auto json = ToJson(message);
  ASSERT_FALSE(json.has_value());
  EXPECT_EQ(json.error().reason, "TEXT_NOT_UTF8");
}

TEST(ToJsonTest, RefusesATimeThatJsonCannotShow) {
  Everything message;
  message.mutable_at()->set_seconds(std::numeric_limits<std::int64_t>::max());
  const auto json = ToJson(message);
  ASSERT_FALSE(json.has_value());
  EXPECT_EQ(json.error().reason, "JSON_UNPRINTABLE");
}

TEST(ToJsonTest, ComesBackAsTheSameMessage) {
  Everything message;
  message.set_case_id("ģimene \"x\" \n");
  message.set_ratio(0.1);
  message.set_huge(18446744073709551615u);
  message.set_blob(std::string("\0\xff", 2));
  message.add_children()->mutable_next()->set_name("n");
  (*message.mutable_labels())["a"] = "b";
  for (const JsonStyle style : {JsonStyle::kCompact, JsonStyle::kPretty}) {
    Everything back;
    ASSERT_TRUE(FromJson(*ToJson(message, style), back));
    EXPECT_EQ(back.DebugString(), message.DebugString());
  }
}

}  // namespace
}  // namespace tilts::wire
