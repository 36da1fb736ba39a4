#include "wire/field_value.hpp"

#include <gtest/gtest.h>
#include <wire_fixtures.pb.h>

namespace tilts::wire {
namespace {

using fixtures::v1::Everything;

std::string CodeOf(const core::Status& status) {
  return status ? "" : status.error().violations.at(0).field + ":" + status.error().violations.at(0).code;
}

TEST(SetByPathTest, SetsNestedFieldsAndGrowsLists) {
  Everything message;
  EXPECT_TRUE(SetByPath(message, "child.next.child_id", "x"));
  EXPECT_TRUE(SetByPath(message, "colours", "COLOUR_RED"));
  EXPECT_TRUE(SetByPath(message, "colours", "COLOUR_BLUE"));
  EXPECT_TRUE(SetByPath(message, "caseId", "c"));
  EXPECT_TRUE(SetByPath(message, "at", "2026-03-02T06:30:00Z"));
  EXPECT_EQ(message.child().next().child_id(), "x");
  EXPECT_EQ(message.colours_size(), 2);
  EXPECT_EQ(message.case_id(), "c");
  EXPECT_EQ(message.at().seconds(), 1772433000);
}

TEST(SetByPathTest, NamesWhatIsWrong) {
  Everything message;
  EXPECT_EQ(CodeOf(SetByPath(message, "nope", "x")), "nope:UNKNOWN_FIELD");
  EXPECT_EQ(CodeOf(SetByPath(message, "child.nope", "x")), "child.nope:UNKNOWN_FIELD");
  EXPECT_EQ(CodeOf(SetByPath(message, "child.Anna K", "x")), "child.?:UNKNOWN_FIELD");
  EXPECT_EQ(CodeOf(SetByPath(message, "child", "x")), "child:VALUE_TYPE");
  EXPECT_EQ(CodeOf(SetByPath(message, "children.name", "x")), "children:VALUE_TYPE");
  EXPECT_EQ(CodeOf(SetByPath(message, "case_id.x", "x")), "case_id:VALUE_TYPE");
  EXPECT_EQ(CodeOf(SetByPath(message, "positive", "-1")), "positive:VALUE_RANGE");
  EXPECT_EQ(CodeOf(SetByPath(message, "positive", " 1")), "positive:VALUE_RANGE");
  EXPECT_EQ(CodeOf(SetByPath(message, "positive", "")), "positive:VALUE_RANGE");
  EXPECT_EQ(CodeOf(SetByPath(message, "ratio", "nan")), "ratio:VALUE_TYPE");
  EXPECT_EQ(CodeOf(SetByPath(message, "colour", "1")), "colour:UNKNOWN_CODE");
  EXPECT_EQ(CodeOf(SetByPath(message, "note", "\xff")), "note:TEXT_NOT_UTF8");
}

}  // namespace
}  // namespace tilts::wire
