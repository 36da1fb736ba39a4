#include "case_intake/adapters/institution_directory.hpp"

#include <gtest/gtest.h>
#include <tilts/registry/v1/registry_service.pb.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "case_intake/adapters/page_token.hpp"
#include "testing/wait_for.hpp"

namespace tilts::case_intake {
namespace {

using registry::v1::ListInstitutionsRequest;
using registry::v1::ListInstitutionsResponse;

class InstitutionDirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    file_ = ::testing::TempDir() + "institutions-" + info->name() + "-" + std::to_string(::getpid());
  }
  void TearDown() override { std::filesystem::remove(file_); }

  // A registry with two pages, or none at all.
  core::Result<ListInstitutionsResponse> Answer(const ListInstitutionsRequest& request) {
    ++asked_;
    if (down_) return core::Fail(core::Errc::kUnavailable, "down");
    ListInstitutionsResponse page;
    page.set_registry_version(version_);
    page.add_institutions()->set_institution_id(request.page_token().empty() ? "school" : "department");
    if (request.page_token().empty()) page.set_next_page_token("2");
    return page;
  }
  InstitutionDirectory Make(RulesBook& book) {
    return InstitutionDirectory(
        {file_, pace_}, [this](const ListInstitutionsRequest& request) { return Answer(request); }, book);
  }

  std::string file_;
  service::RefreshPace pace_{std::chrono::hours(1), std::chrono::milliseconds(1), std::chrono::hours(1)};
  std::atomic<bool> down_ = false;
  std::atomic<int> asked_ = 0;
  std::uint64_t version_ = 1;
};

TEST_F(InstitutionDirectoryTest, ReadsEveryPage) {
  RulesBook book({}, "");
  InstitutionDirectory directory = Make(book);
  ASSERT_TRUE(directory.Refresh());
  EXPECT_NE(book.Current()->institutions.Find("school"), nullptr);
  EXPECT_NE(book.Current()->institutions.Find("department"), nullptr);
  EXPECT_EQ(asked_, 2);
}

TEST_F(InstitutionDirectoryTest, KeepsWhatItKnewWhenTheRegistryIsDownAfterARestart) {
  RulesBook before({}, "");
  InstitutionDirectory first = Make(before);
  ASSERT_TRUE(first.Refresh());
  down_ = true;
  RulesBook after({}, "");
  InstitutionDirectory second = Make(after);
  EXPECT_FALSE(second.Refresh());
  EXPECT_NE(after.Current()->institutions.Find("school"), nullptr);
}

TEST_F(InstitutionDirectoryTest, IgnoresATornCacheFile) {
  RulesBook before({}, "");
  InstitutionDirectory first = Make(before);
  ASSERT_TRUE(first.Refresh());
  std::filesystem::resize_file(file_, std::filesystem::file_size(file_) - 1);
  RulesBook after({}, "");
  InstitutionDirectory second = Make(after);
  EXPECT_TRUE(after.Current()->institutions.empty());
}

TEST_F(InstitutionDirectoryTest, LeavesTheBookAloneWhileNothingChanged) {
  RulesBook book({}, "");
  InstitutionDirectory directory = Make(book);
  ASSERT_TRUE(directory.Refresh());
  const auto before = book.Current();
  ASSERT_TRUE(directory.Refresh());
  EXPECT_EQ(book.Current(), before);
  ++version_;
  ASSERT_TRUE(directory.Refresh());
  EXPECT_NE(book.Current(), before);
}

TEST_F(InstitutionDirectoryTest, IsReadyOnlyWithTheListAndSoonAfterTheRegistryCame) {
  down_ = true;
  RulesBook book({}, "");
  InstitutionDirectory directory = Make(book);
  std::atomic<bool> ready = false;
  std::atomic<bool> known_by_then = false;
  directory.OnReady([&] {
    known_by_then = !book.Current()->institutions.empty();
    ready = true;
  });
  directory.Start();
  ASSERT_TRUE(tilts::testing::WaitFor([&] { return asked_ > 5; }, std::chrono::seconds(10)));
  EXPECT_FALSE(ready);
  down_ = false;
  ASSERT_TRUE(tilts::testing::WaitFor([&] { return ready.load(); }, std::chrono::seconds(10)));
  EXPECT_TRUE(known_by_then);
}

TEST_F(InstitutionDirectoryTest, IsReadyWithoutAListWhenTheRegistryStaysAwayLongerThanTheGrace) {
  down_ = true;
  pace_.grace = std::chrono::milliseconds(20);
  RulesBook book({}, "");
  InstitutionDirectory directory = Make(book);
  std::atomic<bool> ready = false;
  directory.OnReady([&] { ready = true; });
  directory.Start();
  EXPECT_TRUE(tilts::testing::WaitFor([&] { return ready.load(); }, std::chrono::seconds(10)));
  EXPECT_TRUE(book.Current()->institutions.empty());
}

TEST(PageTokenTest, ComesBackAsItWasAndNothingElseIsTaken) {
  Case last;
  last.id = core::CaseId("case-1");
  last.opened_at = core::ParseRfc3339("2026-03-02T08:30:00.123456Z").value();
  const auto cursor = CursorOf(PageTokenAfter(last));
  ASSERT_TRUE(cursor && *cursor);
  EXPECT_EQ((*cursor)->id, last.id);
  EXPECT_EQ((*cursor)->opened_at, last.opened_at);
  EXPECT_FALSE(CursorOf("")->has_value());
  for (const char* wrong : {"x", "????", "bm90IGEgdGltZQ"}) {
    EXPECT_EQ(CursorOf(wrong).error().code, core::Errc::kInvalid) << wrong;
  }
}

}  // namespace
}  // namespace tilts::case_intake
