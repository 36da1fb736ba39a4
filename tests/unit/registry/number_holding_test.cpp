#include "registry/domain/number_holding.hpp"

#include <gtest/gtest.h>

namespace tilts::registry {
namespace {

core::CityTime At(const char* text) {
  return core::ParseRfc3339(text).value();
}

calendar::LocalDate Date(const char* text) {
  return calendar::ParseDate(text).value();
}

const core::CityTime kFebruary = At("2026-02-02T09:00:00Z");
const core::CityTime kApril = At("2026-04-01T09:00:00Z");

// The first pupil had the number since ever, known since September; the second has it from February.
std::vector<Holding> Handed() {
  return {{1, "first", kSinceEver, At("2025-09-01T00:00:00Z")}, {2, "second", kFebruary, kFebruary}};
}

TEST(HolderTest, EachHoldsUntilTheNextBegins) {
  EXPECT_EQ(HolderAt(Handed(), At("2020-01-01T00:00:00Z"))->person_id, "first");
  EXPECT_EQ(HolderAt(Handed(), kFebruary - std::chrono::seconds{1})->person_id, "first");
  EXPECT_EQ(HolderAt(Handed(), kFebruary)->person_id, "second");
  EXPECT_EQ(HolderAt({}, kFebruary), nullptr);
  EXPECT_EQ(HolderAt({{2, "second", kFebruary, kFebruary}}, At("2026-01-01T00:00:00Z")), nullptr);
}

TEST(HolderTest, DayOfTheHandoverIsTheNewHoldersAndBoundsBothAnswers) {
  const auto before = FindHolder(Handed(), Date("2026-02-01"));
  EXPECT_EQ(before, (HolderOnDay{"first", {Date("2025-09-01"), Date("2026-02-01")}}));
  const auto after = FindHolder(Handed(), Date("2026-02-02"));
  EXPECT_EQ(after, (HolderOnDay{"second", {Date("2026-02-02"), Date("2026-08-31")}}));
}

TEST(HolderTest, AnswerNeverReachesBeyondTheSchoolYearOfTheDay) {
  const auto later = FindHolder(Handed(), Date("2026-09-01"));
  EXPECT_EQ(later, (HolderOnDay{"second", {Date("2026-09-01"), Date("2027-08-31")}}));
  const auto earlier = FindHolder(Handed(), Date("2025-08-31"));
  EXPECT_EQ(earlier, (HolderOnDay{"first", {Date("2024-09-01"), Date("2025-08-31")}}));
}

TEST(ClaimTest, FirstHolderHadItSinceEverAndTheNextFromItsOwnTime) {
  EXPECT_EQ(DecideClaim({}, kFebruary), (Claim{kSinceEver, {}, std::nullopt}));
  EXPECT_EQ(DecideClaim(Handed(), kApril), (Claim{kApril, {}, std::nullopt}));
}

TEST(ClaimTest, EarlierOneHeardLateGoesBeforeTheOthers) {
  EXPECT_EQ(DecideClaim({{7, "later", kSinceEver, kApril}}, kFebruary), (Claim{kSinceEver, {}, 7}));
}

TEST(ClaimTest, SameTimeReplacesAndInheritsItsPlace) {
  EXPECT_EQ(DecideClaim({{7, "wrong", kSinceEver, kFebruary}}, kFebruary), (Claim{kSinceEver, {7}, std::nullopt}));
  EXPECT_EQ(DecideClaim(Handed(), kFebruary), (Claim{kFebruary, {2}, std::nullopt}));
}

TEST(ClaimTest, WhatAnErasedHolderHadIsNobodysElse) {
  // The holder since ever was erased; the one from April stays with April.
  EXPECT_EQ(DecideClaim({{2, "second", kApril, kApril}}, kFebruary).from, kFebruary);
}

TEST(SchoolYearOverTest, KeyMayGoOnlyAfterItsYear) {
  EXPECT_TRUE(CheckSchoolYearOver("2024/25", At("2025-09-01T00:00:00Z")));
  EXPECT_EQ(CheckSchoolYearOver("2025/26", At("2026-08-31T09:00:00Z")).error().reason, "SCHOOL_YEAR_OPEN");
  for (const char* wrong : {"2024/26", "2024", "", "abcd/ef", "2024/2025"}) {
    EXPECT_EQ(CheckSchoolYearOver(wrong, At("2030-01-01T00:00:00Z")).error().reason, "SCHOOL_YEAR") << wrong;
  }
}

}  // namespace
}  // namespace tilts::registry
