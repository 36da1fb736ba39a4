#include "referral_routing/app/routing_data.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "testing/source_tree.hpp"

namespace tilts::referral_routing {
namespace {

const std::string kData = testing::SourceTree() + "/services/referral_routing/data";

// A copy of the data that a test may damage.
class DataCopy {
 public:
  DataCopy() : folder_(std::filesystem::temp_directory_path() / ("tilts-routing-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::copy(kData, folder_, std::filesystem::copy_options::recursive);
  }
  ~DataCopy() { std::filesystem::remove_all(folder_); }
  DataCopy(const DataCopy&) = delete;
  DataCopy& operator=(const DataCopy&) = delete;

  std::string folder() const { return folder_.string(); }
  void Remove(const std::string& file) const { std::filesystem::remove(folder_ / file); }
  void Replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::ifstream in(folder_ / file);
    std::string text((std::istreambuf_iterator<char>(in)), {});
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(folder_ / file) << text;
  }

 private:
  std::filesystem::path folder_;
};

std::string FirstCode(const core::Result<RoutingData>& read) {
  if (read) return {};
  return read.error().violations.empty() ? read.error().reason : read.error().violations.front().code;
}

TEST(RoutingDataTest, ThePublishedDataIsSafeToUse) {
  const auto read = ReadRoutingData(kData);
  ASSERT_TRUE(read) << read.error().message << " " << FirstCode(read)
                    << (read.error().violations.empty()
                            ? ""
                            : read.error().violations.front().field + ": " + read.error().violations.front().message);
  EXPECT_EQ(read->hash.size(), 64U);
  EXPECT_GE(read->rules.rules().size(), 20U);
}

TEST(RoutingDataTest, EveryKindOfTheCityIsReachedBySomeRule) {
  const auto read = ReadRoutingData(kData);
  ASSERT_TRUE(read);
  std::set<int> reached;
  for (const Rule& rule : read->rules.rules()) {
    for (const Action& action : rule.then) {
      for (const InstitutionKind kind : action.recipients) reached.insert(static_cast<int>(kind));
    }
  }
  EXPECT_EQ(reached, (std::set<int>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 21, 22, 23, 24, 25}));
}

TEST(RoutingDataTest, AnyChangeOfAFileChangesTheHash) {
  const DataCopy copy;
  const auto before = ReadRoutingData(copy.folder());
  copy.Replace("rules/motivation.json", "a youth programme", "a youth programme!");
  const auto after = ReadRoutingData(copy.folder());
  ASSERT_TRUE(before && after);
  EXPECT_NE(before->hash, after->hash);
}

TEST(RoutingDataTest, WithoutTheCatchAllThereIsAGap) {
  const DataCopy copy;
  copy.Remove("rules/catch-all.json");
  EXPECT_EQ(FirstCode(ReadRoutingData(copy.folder())), "GAP");
}

TEST(RoutingDataTest, MistakesInFilesAreRefusedByName) {
  struct Case {
    const char* file;
    const char* from;
    const char* to;
    const char* code;
  };
  for (const Case& mistake :
       {Case{"rules/motivation.json", "\"ordinary\"", "\"none\"", "POLICY_UNKNOWN"},
        Case{"rules/motivation.json", "\"priority\": 72", "\"priority\": 70", "PRIORITY_TIE"},
        Case{"rules/motivation.json", "\"priority\"", "\"priorty\"", "UNKNOWN_FIELD"},
        Case{"rules/motivation.json", "\"priority\": 72,", "", "FIELD_MISSING"},
        Case{"rules/motivation.json", "INSTITUTION_KIND_NGO", "INSTITUTION_KIND_NOBODY", "UNKNOWN_CODE"},
        Case{"rules/motivation.json", "STREAM_PMP", "STREAM_VIOLENCE", ""},
        Case{"rules/motivation.json", "\"id\": \"motivation\"", "\"id\": \"newcomer\"", "ID_DIFFERS"},
        Case{"rules/motivation.json", "\"id\": \"motivation\"", "\"id\": \"Motivation \"", "ID_FORM"},
        Case{"rules/motivation.json", "DUTY_REPLACEABLE", "DUTY_UNSPECIFIED", "CODE_MISSING"},
        Case{"ladders/standard.json", "\"last\": true", "\"last\": false", "LADDER_END"},
        Case{"policies/ordinary.json", "\"standard\"", "\"none\"", "LADDER_UNKNOWN"}}) {
    const DataCopy copy;
    copy.Replace(mistake.file, mistake.from, mistake.to);
    EXPECT_EQ(FirstCode(ReadRoutingData(copy.folder())), mistake.code) << mistake.file << " " << mistake.to;
  }
}

}  // namespace
}  // namespace tilts::referral_routing
