#include "notification/domain/channel.hpp"

#include <gtest/gtest.h>

namespace tilts::notification::domain {
namespace {

const Channel kFirst{"first", 1, false};
const Channel kSecond{"second", 2, false};
const Channel kFirstGone{"first", 1, true};
const Channel kSecondGone{"second", 2, true};

TEST(ChannelTest, TakesTheWantedOrderWhenItWorks) {
  EXPECT_EQ(ChooseChannel({kSecond, kFirst}, 1), (ChannelChoice{"first", true}));
  EXPECT_EQ(ChooseChannel({kFirst, kSecond}, 2), (ChannelChoice{"second", true}));
}

TEST(ChannelTest, TakesWhatWorksWhenTheWantedOneIsDisabledOrMissing) {
  EXPECT_EQ(ChooseChannel({kFirstGone, kSecond}, 1), (ChannelChoice{"second", true}));
  EXPECT_EQ(ChooseChannel({kFirst}, 2), (ChannelChoice{"first", true}));
}

TEST(ChannelTest, ParksOnTheFirstWhenAllAreDisabled) {
  EXPECT_EQ(ChooseChannel({kSecondGone, kFirstGone}, 2), (ChannelChoice{"first", false}));
}

TEST(ChannelTest, ChoosesNothingWhenNoneIsRegistered) {
  EXPECT_EQ(ChooseChannel({}, 1), std::nullopt);
}

TEST(ChannelTest, FindsTheSecondWhenTheFirstFailed) {
  EXPECT_EQ(NextChannel({kFirst, kSecond}, "first"), "second");
  EXPECT_EQ(NextChannel({kFirst, kSecondGone}, "first"), std::nullopt);
  EXPECT_EQ(NextChannel({kSecond}, "unknown"), std::nullopt);
}

TEST(ChannelTest, FallsBackToTheFirstWhenTheSecondFailed) {
  EXPECT_EQ(NextChannel({kSecond, kFirst}, "second"), "first");
  EXPECT_EQ(NextChannel({kFirst, kSecondGone}, "second"), "first");
  EXPECT_EQ(NextChannel({kFirstGone, kSecond}, "second"), std::nullopt);
  EXPECT_EQ(NextChannel({kSecond}, "second"), std::nullopt);
}

}  // namespace
}  // namespace tilts::notification::domain
