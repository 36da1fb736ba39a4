#include "tiltsctl/adapters/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace tilts::tiltsctl {
namespace {

std::string Write(const std::string& name, const std::string& text) {
  const std::string path = ::testing::TempDir() + "settings_test_" + name;
  std::ofstream(path) << text;
  return path;
}

TEST(SettingsTest, PrefersTheCommandLineThenTheEnvironmentThenTheFile) {
  const std::string in_file = Write("a.key", "from-config\n");
  const std::string other = Write("b.key", "from-option\n");
  const std::string config = Write("client.json", R"({"key_file": ")" + in_file + R"(", "institution": "iksd"})");
  EXPECT_EQ(LoadSettings({config, "", ""}, {})->key, "from-config");
  EXPECT_EQ(LoadSettings({"", "", ""}, {{"TILTS_CLIENT_CONFIG", config}, {"TILTS_KEY", "direct"}})->key, "direct");
  EXPECT_EQ(LoadSettings({config, other, ""}, {{"TILTS_KEY", "direct"}})->key, "from-option");
  EXPECT_EQ(LoadSettings({config, "", ""}, {{"TILTS_INSTITUTION", "vp"}})->config.institution(), "vp");
  EXPECT_EQ(LoadSettings({config, "", "bac"}, {{"TILTS_INSTITUTION", "vp"}})->config.institution(), "bac");
}

TEST(SettingsTest, RefusesWhenConfigurationIsMissingOrWrong) {
  EXPECT_FALSE(LoadSettings({}, {}).has_value());
  EXPECT_FALSE(LoadSettings({"/nonexistent", "", ""}, {}).has_value());
  EXPECT_FALSE(LoadSettings({Write("bad.json", R"({"servces": {}})"), "", ""}, {}).has_value());
}

}  // namespace
}  // namespace tilts::tiltsctl
