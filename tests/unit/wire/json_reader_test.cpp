#include <gmock/gmock.h>
#include <google/protobuf/timestamp.pb.h>
#include <gtest/gtest.h>
#include <wire_fixtures.pb.h>

#include "wire/json.hpp"

namespace tilts::wire {
namespace {

using fixtures::v1::Everything;

struct Complaint {
  std::string field;
  std::string code;
  bool operator==(const Complaint&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Complaint& c) { return out << c.field << ':' << c.code; }
};

std::vector<Complaint> ComplaintsOf(std::string_view json) {
  Everything message;
  const auto status = FromJson(json, message);
  std::vector<Complaint> complaints;
  if (status) return complaints;
  EXPECT_EQ(status.error().code, core::Errc::kInvalid);
  for (const auto& violation : status.error().violations) complaints.push_back({violation.field, violation.code});
  return complaints;
}

Everything Read(std::string_view json) {
  Everything message;
  const auto status = FromJson(json, message);
  EXPECT_TRUE(status.has_value()) << json;
  return message;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FromJsonTest, ReadsEveryKindOfField) {
  const Everything message = Read(R"({
    "case_id": "c1", "colour": "COLOUR_RED", "colours": ["COLOUR_BLUE", "COLOUR_RED"], "small": -3, "positive": "7",
    "large": "-9223372036854775808", "huge": 18446744073709551615, "ratio": 0.5, "single": 1.5, "flag": true,
    "blob": "aGk=", "at": "2026-03-02T08:30:00.25+02:00", "wait": "0.250s", "child": {"name": "n", "next": {"child_id": "x"}},
    "children": [{"child_id": "a"}, {}], "by_name": {"k": {"child_id": "m"}}, "labels": {"a": "b"}, "words": ["u", "v"],
    "right": "r"})");
  EXPECT_EQ(message.case_id(), "c1");
  EXPECT_EQ(message.colours_size(), 2);
  EXPECT_EQ(message.small(), -3);
  EXPECT_EQ(message.positive(), 7u);
  EXPECT_EQ(message.large(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(message.huge(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_DOUBLE_EQ(message.ratio(), 0.5);
  EXPECT_TRUE(message.flag());
  EXPECT_EQ(message.blob(), "hi");
  EXPECT_EQ(message.at().seconds(), 1772433000);
  EXPECT_EQ(message.at().nanos(), 250'000'000);
  EXPECT_EQ(message.wait().nanos(), 250'000'000);
  EXPECT_EQ(message.child().next().child_id(), "x");
  EXPECT_EQ(message.children_size(), 2);
  EXPECT_EQ(message.by_name().at("k").child_id(), "m");
  EXPECT_EQ(message.labels().at("a"), "b");
  EXPECT_EQ(message.words(1), "v");
  EXPECT_EQ(message.right(), "r");
}

TEST(FromJsonTest, AcceptsJsonNamesAndNullAsAbsent) {
  const Everything message = Read(R"({"caseId": "c1", "byName": {}, "colour": null, "words": null})");
  EXPECT_EQ(message.case_id(), "c1");
  EXPECT_EQ(message.words_size(), 0);
}

TEST(FromJsonTest, TakesAWholeNumberWrittenAsAReal) {
  EXPECT_EQ(Read(R"({"positive": 3.0})").positive(), 3u);
}

TEST(FromJsonTest, RefusesWhatIsNotStrictJson) {
  for (const std::string_view text :
       {"", "{", "{'case_id':'x'}", "{case_id:\"x\"}", "{\"case_id\":\"x\",}", "{\"case_id\":\"x\"} {}",
        "{\"case_id\":\"\\ud800\"}", "{\"case_id\":\"\xff\"}", "{\"ratio\":NaN}", "/* c */ {}"}) {
    EXPECT_THAT(ComplaintsOf(text), ElementsAre(Complaint{"", "JSON_SYNTAX"})) << text;
  }
}

TEST(FromJsonTest, RefusesARepeatedKeyAtAnyDepth) {
  EXPECT_THAT(ComplaintsOf(R"({"child": {"name": "a", "name": "b"}})"),
              ElementsAre(Complaint{"name", "JSON_DUPLICATE_KEY"}));
}

TEST(FromJsonTest, RefusesTooDeepNesting) {
  std::string text = "{}";
  for (int i = 0; i < 40; ++i) text = R"({"child":{"next":)" + text + "}}";
  EXPECT_THAT(ComplaintsOf(text), ElementsAre(Complaint{"", "JSON_TOO_DEEP"}));
}

TEST(FromJsonTest, NamesEveryFaultWithItsPath) {
  EXPECT_THAT(
      ComplaintsOf(R"({"nope": 1, "children": [{"child_id": "a"}, {"nom": 1, "next": {"name": 5}}],
                               "colour": "COLOUR_GREEN", "colours": ["COLOUR_RED", 2], "positive": -1, "flag": "true",
                               "at": "yesterday", "wait": "soon", "blob": "@", "words": "w", "child": [], "small": 1.5})"),
      testing::UnorderedElementsAre(
          Complaint{"nope", "UNKNOWN_FIELD"}, Complaint{"children[1].nom", "UNKNOWN_FIELD"},
          Complaint{"children[1].next.name", "VALUE_TYPE"}, Complaint{"colour", "UNKNOWN_CODE"},
          Complaint{"colours[1]", "VALUE_TYPE"}, Complaint{"positive", "VALUE_RANGE"}, Complaint{"flag", "VALUE_TYPE"},
          Complaint{"at", "TIME_FORMAT"}, Complaint{"wait", "DURATION_FORMAT"}, Complaint{"blob", "BASE64"},
          Complaint{"words", "VALUE_TYPE"}, Complaint{"child", "VALUE_TYPE"}, Complaint{"small", "VALUE_RANGE"}));
}

TEST(FromJsonTest, RefusesTwoFieldsOfOneChoice) {
  EXPECT_THAT(ComplaintsOf(R"({"left": "a", "right": "b"})"), ElementsAre(Complaint{"right", "ONEOF_TWICE"}));
}

TEST(FromJsonTest, RefusesANullInAList) {
  EXPECT_THAT(ComplaintsOf(R"({"words": ["a", null]})"), ElementsAre(Complaint{"words[1]", "VALUE_TYPE"}));
}

TEST(FromJsonTest, RefusesARootThatIsNoObject) {
  EXPECT_THAT(ComplaintsOf("[1]"), ElementsAre(Complaint{"", "VALUE_TYPE"}));
}

TEST(FromJsonTest, NeverRepeatsAValueOrAnOddKey) {
  const std::string canary = "Canary Kalnina";
  for (const std::string& text : {R"({"colour": ")" + canary + R"("})", R"({")" + canary + R"(": 1})",
                                  R"({"at": ")" + canary + R"("})", R"({"words": [")" + canary + R"(", })",
                                  R"({"labels": {")" + canary + R"(": 5}})", R"({"positive": ")" + canary + R"("})"}) {
    Everything message;
    const auto status = FromJson(text, message);
    ASSERT_FALSE(status.has_value()) << text;
    std::string all = status.error().message;
    for (const auto& violation : status.error().violations) all += violation.field + violation.code + violation.message;
    EXPECT_EQ(all.find("Canary"), std::string::npos) << all;
  }
}

TEST(FromJsonTest, LeavesTheMessageUntouchedOnFailureAndReplacesItOnSuccess) {
  Everything message;
  message.set_case_id("before");
  EXPECT_FALSE(FromJson(R"({"note": "x", "positive": -1})", message));
  EXPECT_EQ(message.case_id(), "before");
  EXPECT_EQ(message.note(), "");
  EXPECT_TRUE(FromJson(R"({"note": "x"})", message));
  EXPECT_EQ(message.case_id(), "");
}

TEST(FromJsonTest, CapsTheListOfComplaints) {
  std::string text = "{\"words\": [";
  for (int i = 0; i < 500; ++i) text += "1,";
  EXPECT_EQ(ComplaintsOf(text + "1]}").size(), 50u);
}

TEST(JsonReaderTest, RefusedWhenAnythingFollowsAZeroByte) {
  google::protobuf::Timestamp message;
  const core::Status read = FromJson(std::string_view("{}\0garbage", 10), message);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().violations.at(0).code, "JSON_SYNTAX");
}

}  // namespace
}  // namespace tilts::wire
