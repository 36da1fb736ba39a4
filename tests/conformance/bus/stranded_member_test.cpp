#include <gtest/gtest.h>

#include <chrono>

#include "bus_under_test.hpp"

namespace tilts {
namespace {

using std::chrono::milliseconds;

class StrandedMemberTest : public testing::ServerTest {
 protected:
  std::unique_ptr<kafka::Consumer> Member(const std::string& topic, const std::string& name, milliseconds join_limit) {
    auto made = kafka::Consumer::Create(servers().Kafka(space()), {space() + "-group", name, {topic}, 500, join_limit});
    EXPECT_TRUE(made.has_value());
    return std::move(*made);
  }
};

// A member that is assigned and polls no more keeps its group from sharing anew: whoever comes is left outside.
TEST_F(StrandedMemberTest, BeginsAnewAndJoinsOnceItCan) {
  const std::string topic = FreshTopic("stranded", 2);
  const auto silent = Member(topic, "silent", std::chrono::minutes(5));
  Reader one(*silent);
  ASSERT_TRUE(silent->Start(one).has_value());
  ASSERT_TRUE(one.PollUntil([&] { return one.assigned.size() == 2; }));

  const auto late = Member(topic, "late", milliseconds(1'500));
  Reader two(*late);
  ASSERT_TRUE(late->Start(two).has_value());
  int begun_anew = 0;
  const auto begins_anew_twice = [&] {
    const auto polled = late->Poll(milliseconds(50));
    if (!polled && polled.error().reason == "GROUP_STRANDED") ++begun_anew;
    return begun_anew == 2;
  };
  ASSERT_TRUE(testing::WaitFor(begins_anew_twice, std::chrono::seconds(20)));
  EXPECT_TRUE(two.assigned.empty());

  // The silent one comes back: both get their share, and the newest client is the one member of that name.
  ASSERT_TRUE(one.PollUntil([&] {
    return two.PollUntil([&] { return one.assigned.size() == 1 && two.assigned.size() == 1; }, milliseconds(1));
  }));
  EXPECT_NE(one.assigned, two.assigned);
}

TEST_F(StrandedMemberTest, AMemberThatHasItsShareStays) {
  const std::string topic = FreshTopic("content", 1);
  const auto member = Member(topic, "content", milliseconds(300));
  Reader reader(*member);
  ASSERT_TRUE(member->Start(reader).has_value());
  ASSERT_TRUE(reader.PollUntil([&] { return reader.assigned.size() == 1; }));
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(reader.PollUntil([&] { return std::chrono::steady_clock::now() - begin > milliseconds(1'000); }));
  EXPECT_EQ(reader.assignments, 1);
  EXPECT_EQ(reader.assigned.size(), 1u);
}

}  // namespace
}  // namespace tilts
