#include "service/arguments.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace tilts::service {
namespace {

core::Result<Arguments> ParseWords(std::vector<const char*> words) {
  words.insert(words.begin(), "tilts-test");
  return ParseArguments(static_cast<int>(words.size()), words.data());
}

TEST(ArgumentsTest, ReadsFileAndAction) {
  const auto arguments = ParseWords({"--config", "x.json", "--migrate"});
  ASSERT_TRUE(arguments.has_value());
  EXPECT_EQ(arguments->config_file, "x.json");
  EXPECT_EQ(arguments->action, Arguments::Action::kMigrate);
  EXPECT_EQ(ParseWords({"--help"})->action, Arguments::Action::kHelp);
}

TEST(ArgumentsTest, RefusesWhenFileIsMissingOrWordIsUnknown) {
  EXPECT_EQ(ParseWords({}).error().reason, "ARGUMENTS");
  EXPECT_EQ(ParseWords({"--config"}).error().reason, "ARGUMENTS");
  EXPECT_EQ(ParseWords({"--config", "x", "--verbose"}).error().reason, "ARGUMENTS");
}

}  // namespace
}  // namespace tilts::service
