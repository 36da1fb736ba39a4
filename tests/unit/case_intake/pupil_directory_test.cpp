#include "case_intake/adapters/pupil_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace tilts::case_intake {
namespace {

using ::testing::ElementsAre;
using Kind = PupilAnswer::Kind;

// Numbers of one school year (days 1000 to 1364), and of the one before under another statistics id.
class Registry final : public PupilRegistry {
 public:
  core::Result<registry::v1::LookUpPupilNumbersResponse> LookUp(const registry::v1::LookUpPupilNumbersRequest& request,
                                                                const VaultCall&) override {
    asked.emplace_back(request.pupil_numbers().begin(), request.pupil_numbers().end());
    if (down) return core::Fail(core::Errc::kUnavailable, "down", "DOWN");
    registry::v1::LookUpPupilNumbersResponse response;
    const bool this_year = request.day() >= 1'000;
    for (const std::string& number : request.pupil_numbers()) {
      auto& entry = *response.add_pupils();
      entry.set_person_id(persons[number]);
      if (entry.person_id().empty()) continue;
      entry.set_statistics_id(this_year ? "now" : "before");
      entry.set_valid_from_day(this_year ? 1'000 : 635);
      entry.set_valid_to_day(this_year ? 1'364 : 999);
    }
    if (short_answer) response.mutable_pupils()->RemoveLast();
    return response;
  }

  std::map<std::string, std::string> persons;
  std::vector<std::vector<std::string>> asked;
  bool down = false;
  bool short_answer = false;
};

class PupilDirectoryTest : public ::testing::Test {
 protected:
  std::vector<PupilAnswer> Find(const std::vector<PupilQuestion>& questions, const std::string& school = "school-1") {
    return directory_.Find(school, questions, {});
  }
  Registry registry_;
  PupilDirectory directory_{registry_, 2, log::Silent()};
};

TEST_F(PupilDirectoryTest, AsksForEachNumberOnceAndRemembersIt) {
  registry_.persons = {{"A1", "ann"}, {"B1", "ben"}};
  const auto answers = Find({{"A1", 1'000}, {"B1", 1'001}, {"a-1", 1'002}});
  EXPECT_EQ(answers[2].pupil.person_id, "ann");
  EXPECT_EQ(answers[1].pupil.statistics_id, "now");
  ASSERT_EQ(registry_.asked.size(), 1u);
  EXPECT_THAT(registry_.asked[0], ElementsAre("A1", "B1"));
  EXPECT_EQ(Find({{"A1", 1'364}})[0].kind, Kind::kKnown);
  EXPECT_EQ(registry_.asked.size(), 1u);
}

TEST_F(PupilDirectoryTest, AnotherSchoolYearIsAskedForByItself) {
  registry_.persons = {{"A1", "ann"}};
  const auto answers = Find({{"A1", 1'000}, {"A1", 999}});
  EXPECT_EQ(answers[0].pupil.statistics_id, "now");
  EXPECT_EQ(answers[1].pupil.statistics_id, "before");
  EXPECT_EQ(registry_.asked.size(), 2u);
  EXPECT_EQ(Find({{"A1", 900}})[0].pupil.statistics_id, "before");
  EXPECT_EQ(Find({{"A1", 1'001}})[0].pupil.statistics_id, "now");
  EXPECT_EQ(registry_.asked.size(), 2u);
}

TEST_F(PupilDirectoryTest, AnUnknownNumberIsNotRemembered) {
  EXPECT_EQ(Find({{"A1", 1'000}})[0].kind, Kind::kUnknown);
  registry_.persons = {{"A1", "ann"}};
  const auto later = Find({{"A1", 1'000}});
  EXPECT_EQ(later[0].kind, Kind::kKnown);
  EXPECT_EQ(later[0].pupil.person_id, "ann");
}

TEST_F(PupilDirectoryTest, AnUnknownNumberIsAskedForDayByDayUpToALimit) {
  std::vector<PupilQuestion> questions;
  for (Day day = 1'000; day < 1'010; ++day) questions.push_back({"A1", day});
  const auto answers = Find(questions);
  EXPECT_EQ(registry_.asked.size(), PupilDirectory::kCallsOfABatch);
  EXPECT_EQ(answers.front().kind, Kind::kUnknown);
  EXPECT_EQ(answers.back().kind, Kind::kUnasked);
  EXPECT_EQ(directory_.Find("school-1", questions, {}, questions.size()).back().kind, Kind::kUnknown);
}

TEST_F(PupilDirectoryTest, AnotherInstitutionsNumberIsAnotherNumber) {
  registry_.persons = {{"A1", "ann"}};
  Find({{"A1", 1'000}});
  registry_.persons = {{"A1", "zoe"}};
  EXPECT_EQ(Find({{"A1", 1'000}}, "school-2")[0].pupil.person_id, "zoe");
}

TEST_F(PupilDirectoryTest, GoesOnWithWhatItKnowsWhileTheRegistryIsDown) {
  registry_.persons = {{"A1", "ann"}};
  Find({{"A1", 1'000}});
  registry_.down = true;
  const auto answers = Find({{"A1", 1'001}, {"B1", 1'001}});
  EXPECT_EQ(answers[0].kind, Kind::kKnown);
  EXPECT_EQ(answers[1].kind, Kind::kUnasked);
}

TEST_F(PupilDirectoryTest, AnAnswerOfTheWrongLengthIsNoAnswer) {
  registry_.persons = {{"A1", "ann"}};
  registry_.short_answer = true;
  EXPECT_EQ(Find({{"A1", 1'000}})[0].kind, Kind::kUnasked);
}

TEST_F(PupilDirectoryTest, TheLeastRecentlyUsedNumberLeaves) {
  registry_.persons = {{"A1", "ann"}, {"B1", "ben"}, {"C1", "cid"}};
  Find({{"A1", 1'000}, {"B1", 1'000}});
  Find({{"A1", 1'000}});
  Find({{"C1", 1'000}});
  EXPECT_EQ(directory_.cache().size(), 2u);
  registry_.asked.clear();
  Find({{"A1", 1'000}, {"C1", 1'000}});
  EXPECT_TRUE(registry_.asked.empty());
  Find({{"B1", 1'000}});
  EXPECT_EQ(registry_.asked.size(), 1u);
}

TEST_F(PupilDirectoryTest, ForgetsANumberThatChanged) {
  registry_.persons = {{"A1", "ann"}};
  Find({{"A1", 1'000}});
  registry_.persons = {{"A1", "zoe"}};
  directory_.cache().Forget("school-1", "a 1");
  EXPECT_EQ(Find({{"A1", 1'000}})[0].pupil.person_id, "zoe");
}

}  // namespace
}  // namespace tilts::case_intake
