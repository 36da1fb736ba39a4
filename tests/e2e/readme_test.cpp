// The README's tour, verbatim, against a running house.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "city.hpp"

namespace tilts::e2e {
namespace {

// Every fenced block behind a "<!-- tour -->" line, in order.
std::string TourOf(const std::string& path) {
  std::ifstream file(path);
  std::string script, line;
  bool marked = false, inside = false;
  while (std::getline(file, line)) {
    if (line == "<!-- tour -->") {
      marked = true;
    } else if (marked && !inside && absl::StartsWith(line, "```sh")) {
      inside = true;
    } else if (inside && line == "```") {
      inside = marked = false;
    } else if (inside) {
      script += line + "\n";
    }
  }
  return script;
}

TEST(ReadmeTest, TheTourRunsAsPrinted) {
  City& city = City::Get();
  const std::string folder = city.run() + "/tour";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::filesystem::create_directory_symlink(city.run(), folder + "/run");
  std::filesystem::create_directory_symlink(TILTS_SOURCE_DIR "/scripts", folder + "/scripts");
  const std::string tour = TourOf(TILTS_SOURCE_DIR "/README.md");
  ASSERT_TRUE(absl::StrContains(tour, ":accept"));
  std::ofstream(folder + "/tour.sh") << "set -euo pipefail\n" << tour;
  FILE* pipe = popen(absl::StrCat("cd ", folder, " && timeout 240 bash tour.sh 2>&1").c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), count);
  EXPECT_EQ(pclose(pipe), 0) << output;
  EXPECT_TRUE(absl::StrContains(output, "\"view\": \"REFERRAL_PREVIEW\"")) << output;
  EXPECT_TRUE(absl::StrContains(output, "\"view\": \"REFERRAL_ACCEPTED\"")) << output;
  EXPECT_TRUE(absl::StrContains(output, "the school heard: REFERRAL_OUTCOME_HELPED")) << output;
  EXPECT_TRUE(absl::StrContains(output, "\"factor_id\": \"unexcused-lessons\"")) << output;
  EXPECT_TRUE(absl::StrContains(output, "\"decision\": \"TIER_DECISION_CONFIRM\"")) << output;
  EXPECT_TRUE(absl::StrContains(output, "\"kind\": \"attendance\"")) << output;
}

}  // namespace
}  // namespace tilts::e2e
