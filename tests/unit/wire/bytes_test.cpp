#include "wire/bytes.hpp"

#include <gtest/gtest.h>
#include <wire_fixtures.pb.h>

namespace tilts::wire {
namespace {

using fixtures::v1::Everything;

TEST(BytesTest, RefusesToSerialiseTextThatIsNotUtf8AndNamesEachPlace) {
  Everything message;
  message.set_note("\xc3\x28");
  message.add_children();
  message.add_children()->mutable_next()->set_name("\xed\xa0\x80");  // a surrogate
  message.add_words("fine");
  message.add_words("\xff");
  message.set_blob("\xff");
  const auto bytes = Serialize(message);
  ASSERT_FALSE(bytes.has_value());
  std::vector<std::string> fields;
  for (const auto& violation : bytes.error().violations) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"note", "children[1].next.name", "words[1]"}));
}

TEST(BytesTest, RefusesZeroBytes) {
  Everything message;
  const auto status = Parse("", message);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, core::Errc::kCorrupt);
}

TEST(BytesTest, RefusesBytesThatAreNoMessage) {
  Everything message;
  const auto status = Parse("\x0a\xff\xff", message);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().reason, "MESSAGE_CORRUPT");
}

TEST(BytesTest, ReadsBackWhatItWrote) {
  Everything message;
  message.set_case_id("ā");
  Everything back;
  ASSERT_TRUE(Parse(*Serialize(message), back));
  EXPECT_EQ(back.case_id(), "ā");
}

}  // namespace
}  // namespace tilts::wire
