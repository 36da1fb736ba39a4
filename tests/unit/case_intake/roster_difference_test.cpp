#include "case_intake/domain/roster_difference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tilts::case_intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Day kDay = 100;

Enrolment Since(const std::string& person, Day from, Day as_of = 0) {
  Enrolment enrolment;
  enrolment.record_id = person + "@" + std::to_string(from);
  enrolment.person_id = person;
  enrolment.from = from;
  enrolment.stage = Stage::kBasic;
  enrolment.grade = 7;
  enrolment.revision = 3;
  enrolment.as_of = as_of == 0 ? from : as_of;
  return enrolment;
}
Enrolment Ended(Enrolment enrolment, Day to, EndReason reason) {
  enrolment.to = to;
  enrolment.end_reason = reason;
  return enrolment;
}

RosterDifference Differ(const std::vector<Enrolment>& known, const std::vector<RosterPupil>& pupils,
                        bool complete = true) {
  return DifferenceOf(known, pupils, kDay, complete, [&](std::size_t pupil, Day from) {
    return pupils[pupil].person_id + "@" + std::to_string(from);
  });
}

TEST(RosterDifferenceTest, ANewPupilStartsOnTheRostersDayOrWhenItSaysSo) {
  const auto difference = Differ({}, {{"ann", 0, Stage::kBasic, 7}, {"ben", 90, Stage::kBasic, 8}});
  ASSERT_THAT(difference.started, SizeIs(2));
  EXPECT_EQ(difference.started[0].from, kDay);
  EXPECT_EQ(difference.started[0].record_id, "ann@100");
  EXPECT_EQ(difference.started[0].revision, 1u);
  EXPECT_EQ(difference.started[1].from, 90);
  EXPECT_EQ(difference.started[1].grade, 8u);
}

TEST(RosterDifferenceTest, WhoIsMissingEndedTheDayBeforeForAnUnknownReason) {
  const auto difference = Differ({Since("ann", 10), Since("ben", 20)}, {{"ben"}});
  ASSERT_THAT(difference.ended, SizeIs(1));
  EXPECT_EQ(difference.ended[0].person_id, "ann");
  EXPECT_EQ(difference.ended[0].to, kDay - 1);
  EXPECT_EQ(difference.ended[0].end_reason, EndReason::kUnknown);
  EXPECT_EQ(difference.ended[0].revision, 4u);
  EXPECT_EQ(difference.unchanged, 1u);
  EXPECT_THAT(difference.confirmed, ElementsAre("ben@20"));
}

TEST(RosterDifferenceTest, WhoBeganOnThatVeryDayEndsOnIt) {
  const auto difference = Differ({Since("ann", kDay)}, {{"ben"}});
  ASSERT_THAT(difference.ended, SizeIs(1));
  EXPECT_EQ(difference.ended[0].to, kDay);
}

TEST(RosterDifferenceTest, AnotherGradeIsARevision) {
  const auto difference = Differ({Since("ann", 10)}, {{"ann", 0, Stage::kBasic, 8}});
  ASSERT_THAT(difference.changed, SizeIs(1));
  EXPECT_EQ(difference.changed[0].grade, 8u);
  EXPECT_EQ(difference.changed[0].revision, 4u);
  EXPECT_EQ(Differ({Since("ann", 10)}, {{"ann"}}).unchanged, 1u);  // unknown grade and stage change nothing
}

TEST(RosterDifferenceTest, ALaterWordIsKept) {
  const Enrolment confirmed = Since("ann", 10, kDay + 1);
  EXPECT_THAT(Differ({confirmed}, {{"ben"}}).ended, IsEmpty());
  EXPECT_THAT(Differ({confirmed}, {{"ann", 0, Stage::kBasic, 8}}).kept, ElementsAre(0u));
  const Enrolment ended_later = Ended(Since("cid", 10, kDay + 2), kDay - 5, EndReason::kTransfer);
  const auto difference = Differ({ended_later}, {{"cid"}});
  EXPECT_THAT(difference.started, IsEmpty());
  EXPECT_THAT(difference.kept, ElementsAre(0u));
  Enrolment withdrawn_later = Since("dan", 10, kDay + 2);
  withdrawn_later.withdrawn = true;
  EXPECT_THAT(Differ({withdrawn_later}, {{"dan"}}).started, IsEmpty());
  EXPECT_THAT(Differ({Since("eve", kDay + 3)}, {{"eve"}}).started, IsEmpty());
}

TEST(RosterDifferenceTest, TheSameDaysWordDecidesTheLastOneSent) {
  EXPECT_THAT(Differ({Since("ann", 10, kDay)}, {{"ben"}}).ended, SizeIs(1));
}

TEST(RosterDifferenceTest, NobodyEndsWhenTheRosterIsIncomplete) {
  const auto difference = Differ({Since("ann", 10)}, {{"ben"}}, false);
  EXPECT_THAT(difference.ended, IsEmpty());
  EXPECT_TRUE(difference.endings_skipped);
  EXPECT_FALSE(Differ({Since("ann", 10)}, {{"ann"}}, false).endings_skipped);
}

TEST(RosterDifferenceTest, WhoWasMissedByMistakeGoesOnAndWhoLeftBeginsAnew) {
  const auto back = Differ({Ended(Since("ann", 10), 95, EndReason::kUnknown)}, {{"ann", 10}});
  ASSERT_THAT(back.started, SizeIs(1));
  EXPECT_EQ(back.started[0].record_id, "ann@10");
  EXPECT_EQ(back.started[0].revision, 4u);
  EXPECT_EQ(back.started[0].to, 0);
  EXPECT_EQ(back.started[0].end_reason, EndReason::kUnspecified);
  const auto anew = Differ({Ended(Since("ann", 10), 95, EndReason::kTransfer)}, {{"ann", 10}});
  ASSERT_THAT(anew.started, SizeIs(1));
  EXPECT_EQ(anew.started[0].record_id, "ann@100");
  EXPECT_EQ(anew.started[0].revision, 1u);
}

TEST(RosterDifferenceTest, AKnownEndInTheFutureStays) {
  const auto difference = Differ({Ended(Since("ann", 10), kDay + 1, EndReason::kTransfer)}, {{"ben"}});
  EXPECT_THAT(difference.ended, IsEmpty());
}

}  // namespace
}  // namespace tilts::case_intake
