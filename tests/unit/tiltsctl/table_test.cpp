#include "tiltsctl/app/table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace tilts::tiltsctl {
namespace {

TEST(TableTest, AlignsTextLeftAndNumbersRight) {
  Table table({"NAME", "COUNT", "LAST"});
  table.Add({"a", "7", ""});
  table.Add({"tilts-è", "12345678", "x"});
  std::ostringstream out;
  table.Print(out);
  EXPECT_EQ(out.str(),
            "NAME     COUNT     LAST\n"
            "a               7  -\n"
            "tilts-è  12345678  x\n");
}

TEST(TableTest, CountsCharactersNotBytes) {
  EXPECT_EQ(WidthOf("ķēde"), 4u);
}

}  // namespace
}  // namespace tilts::tiltsctl
