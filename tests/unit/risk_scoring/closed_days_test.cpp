#include "risk_scoring/domain/closed_days.hpp"

#include <gmock/gmock.h>

#include "risk_samples.hpp"

namespace tilts::risk_scoring {
namespace {

using testing::Closed;
using testing::CloseOf;
using ::testing::ElementsAre;
using testing::kAutumn;
using testing::kNewYear;
using testing::SchoolDay;

TEST(ClosedDaysTest, ARepeatedRecordChangesNothing) {
  ClosedDays closed = Closed(3);
  const ClosedDays before = closed;
  EXPECT_FALSE(closed.Close(CloseOf(SchoolDay(1))));
  EXPECT_EQ(closed, before);
  EXPECT_EQ(closed.Latest()->day, SchoolDay(2));
}

TEST(ClosedDaysTest, CountsAndLooksBackOverSchoolDays) {
  const ClosedDays closed = Closed(12);
  EXPECT_EQ(closed.Count(kAutumn, SchoolDay(11)), 12U);
  EXPECT_EQ(closed.Count(SchoolDay(4), SchoolDay(4) + 2), 1U) << "a weekend";
  EXPECT_EQ(closed.Count(SchoolDay(5), SchoolDay(4)), 0U);
  EXPECT_EQ(closed.NthLatest(1, SchoolDay(11)), SchoolDay(11));
  EXPECT_EQ(closed.NthLatest(3, SchoolDay(4) + 1), SchoolDay(2));
  EXPECT_EQ(closed.NthLatest(12, SchoolDay(11)), SchoolDay(0));
  EXPECT_EQ(closed.NthLatest(13, SchoolDay(11)), std::nullopt);
}

TEST(ClosedDaysTest, KnowsTheSemestersOfTheYear) {
  ClosedDays closed = Closed(2);
  closed.Close(CloseOf(kNewYear + 4, 2025, 2));
  EXPECT_THAT(closed.SemestersUpTo(kNewYear + 4),
              ElementsAre(Semester{2025, 1, kAutumn, SchoolDay(1)}, Semester{2025, 2, kNewYear, kNewYear + 4}));
  EXPECT_THAT(closed.SemestersUpTo(SchoolDay(1)), ElementsAre(Semester{2025, 1, kAutumn, SchoolDay(1)}));
}

TEST(ClosedDaysTest, TheFirstDayOfAYearDropsTheYearBeforeThePreviousOne) {
  ClosedDays closed = Closed(2);
  closed.Close(CloseOf(SchoolYearStart(2026), 2026));
  EXPECT_EQ(closed.days().size(), 3U);
  closed.Close(CloseOf(SchoolYearStart(2027), 2027));
  EXPECT_EQ(closed.days().size(), 2U);
  EXPECT_EQ(closed.Oldest(), SchoolYearStart(2026));
  EXPECT_EQ(closed.Count(kAutumn, SchoolYearStart(2027)), 2U);
}

TEST(ClosedDaysTest, BytesAreReadBackAndBrokenOnesRefused) {
  ClosedDays closed = Closed(80);
  closed.Close(CloseOf(kNewYear + 4, 2025, 2));
  std::string bytes = Encode(closed);
  EXPECT_EQ(DecodeClosedDays(bytes).value(), closed);
  EXPECT_LT(bytes.size(), 130U);
  EXPECT_EQ(DecodeClosedDays(Encode(ClosedDays())).value(), ClosedDays());
  bytes[5] = static_cast<char>(bytes[5] ^ 2);
  EXPECT_EQ(DecodeClosedDays(bytes).error().code, core::Errc::kCorrupt);
  EXPECT_EQ(DecodeClosedDays("").error().code, core::Errc::kCorrupt);
}

TEST(ClosedDaysTest, ARecordThatCannotBeIsRefused) {
  EXPECT_TRUE(CheckClosedDay(CloseOf(kAutumn)).has_value());
  EXPECT_EQ(CheckClosedDay({.day = kAutumn, .school_year = 2025, .semester = 3}).error().violations.size(), 2U);
}

TEST(DayTest, SchoolYearsChangeOnTheFirstOfSeptember) {
  EXPECT_EQ(SchoolYearOf(kAutumn), 2025);
  EXPECT_EQ(SchoolYearOf(kAutumn - 1), 2024);
  EXPECT_EQ(SchoolYearStart(2025), kAutumn);
  EXPECT_EQ(SchoolYearText(2025), "2025/26");
  EXPECT_EQ(SchoolYearText(2008), "2008/09");
  EXPECT_EQ(SchoolYearText(2099), "2099/00");
}

TEST(DayBitsTest, GrowsBothWays) {
  DayBits bits;
  bits.Set(1000);
  bits.Set(10);
  bits.Set(5000);
  EXPECT_EQ(bits.Count(10, 5000), 3U);
  EXPECT_EQ(bits.Count(11, 4999), 1U);
  EXPECT_EQ(bits.Count(-5, 65'535), 3U);
  bits.Reset(1000);
  EXPECT_FALSE(bits.Has(1000));
  EXPECT_EQ(bits.Count(11, 4999), 0U);
  DayBits other;
  other.Set(5000);
  other.Set(1000);
  EXPECT_EQ(bits.CountCommon(other, 0, 6000), 1U);
}

}  // namespace
}  // namespace tilts::risk_scoring
