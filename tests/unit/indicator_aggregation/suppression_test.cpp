#include "indicator_aggregation/domain/suppression.hpp"

#include <gtest/gtest.h>

#include <set>

namespace tilts::indicator_aggregation {
namespace {

using Names = std::set<std::string>;

// "institution/category" of what is suppressed.
Names Suppressed(std::vector<TableCell> table, std::int64_t smallest = 5) {
  Suppress(table, smallest);
  Names names;
  for (const TableCell& cell : table) {
    if (cell.suppressed) names.insert(cell.institution_id + "/" + cell.category);
  }
  return names;
}

TEST(SuppressionTest, ZeroAndTheSmallestItselfAreShown) {
  EXPECT_EQ(Suppressed({{"", "", 0}}), Names{});
  EXPECT_EQ(Suppressed({{"", "", 5}}), Names{});
  EXPECT_EQ(Suppressed({{"", "", 4}}), Names{"/"});
}

TEST(SuppressionTest, OfAShareTheRestCountsToo) {
  EXPECT_EQ(Suppressed({{"", "", 97, 100}}), Names{"/"});
  EXPECT_EQ(Suppressed({{"", "", 95, 100}}), Names{});
  EXPECT_EQ(Suppressed({{"", "", 100, 100}}), Names{});
}

TEST(SuppressionTest, ASecondCategoryGoesSoThatTheTotalTellsNothing) {
  EXPECT_EQ(Suppressed({{"", "", 42}, {"", "A", 2}, {"", "B", 10}, {"", "C", 30}}), (Names{"/A", "/B"}));
  EXPECT_EQ(Suppressed({{"", "", 5}, {"", "A", 2}, {"", "B", 3}}), (Names{"/A", "/B"}));
  EXPECT_EQ(Suppressed({{"", "", 32}, {"", "A", 2}, {"", "C", 30}, {"", "D", 0}}), (Names{"/A", "/C"}));
}

TEST(SuppressionTest, ASecondInstitutionGoesSoThatTheMunicipalityTellsNothing) {
  EXPECT_EQ(Suppressed({{"", "", 42}, {"s1", "", 2}, {"s2", "", 10}, {"s3", "", 30}}), (Names{"s1/", "s2/"}));
  EXPECT_EQ(Suppressed({{"", "", 7}, {"s1", "", 7}}), Names{});
  EXPECT_EQ(Suppressed({{"", "", 12}, {"s1", "", 2}, {"s2", "", 10}}), (Names{"s1/", "s2/"}));
}

TEST(SuppressionTest, WhatWasAddedIsProtectedInItsOtherLineToo) {
  // s1/A is small; its companion in the category is s2/A, and both institutions then need a second category.
  const Names names = Suppressed({{"", "", 100},
                                  {"", "A", 32},
                                  {"", "B", 68},
                                  {"s1", "", 32},
                                  {"s1", "A", 2},
                                  {"s1", "B", 30},
                                  {"s2", "", 68},
                                  {"s2", "A", 30},
                                  {"s2", "B", 38}});
  EXPECT_EQ(names, (Names{"s1/A", "s1/B", "s2/A", "s2/B"}));
}

}  // namespace
}  // namespace tilts::indicator_aggregation
