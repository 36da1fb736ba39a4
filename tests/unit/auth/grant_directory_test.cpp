#include "auth/grant_directory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <future>

#include "snapshots.hpp"

namespace tilts::auth {
namespace {

class GrantDirectoryTest : public testing::Test {
 protected:
  ~GrantDirectoryTest() override { std::remove(cache_.c_str()); }

  // The registry of the test: answers with `snapshot_`, or is down.
  GrantDirectory::Fetch Registry() {
    return [this](std::uint64_t known) -> core::Result<GrantDirectory::Snapshot> {
      ++asked_;
      if (down_) return core::Fail(core::Errc::kUnavailable, "down");
      GrantDirectory::Snapshot answer;
      answer.set_version(snapshot_.snapshot.version());
      return known == answer.version() ? answer : snapshot_.snapshot;
    };
  }

  template <typename T>
  static std::string ReasonOf(const core::Result<T>& result) {
    return result ? "" : result.error().reason;
  }

  ApiKey key_ = NewApiKey();
  std::string text_ = FormatApiKey(key_);
  core::CityTime now_ = At("2026-03-02T08:00:00Z");
  std::string cache_ = testing::TempDir() + "tilts_grants_" + std::to_string(::getpid());
  SnapshotBuilder snapshot_ =
      SnapshotBuilder(1).Key(key_, "vendor", "2026-06-01T00:00:00Z").Grant("vendor", "school-1", {"report.write"});
  std::atomic<int> asked_ = 0;
  std::atomic<bool> down_ = false;
};

TEST_F(GrantDirectoryTest, FindsTheClientOfAKey) {
  GrantDirectory grants({}, Registry());
  EXPECT_EQ(*grants.Authenticate(text_, now_), "vendor");
}

TEST_F(GrantDirectoryTest, RefusesAWrongSecretAsAnUnknownKey) {
  GrantDirectory grants({}, Registry());
  const std::string wrong = FormatApiKey({key_.key_id, NewApiKey().secret});
  const std::string unknown = FormatApiKey(NewApiKey());
  const auto first = grants.Authenticate(wrong, now_);
  const auto second = grants.Authenticate(unknown, now_);
  EXPECT_EQ(ReasonOf(first), "KEY_UNKNOWN");
  EXPECT_EQ(first.error(), second.error());
  EXPECT_EQ(first.error(), grants.Authenticate("nonsense", now_).error());
}

TEST_F(GrantDirectoryTest, EndsAKeyAtItsCityTimeAndTellsOnlyItsHolder) {
  GrantDirectory grants({}, Registry());
  EXPECT_TRUE(grants.Authenticate(text_, At("2026-05-31T23:59:59Z")));
  EXPECT_EQ(ReasonOf(grants.Authenticate(text_, At("2026-06-01T00:00:00Z"))), "KEY_EXPIRED");
  const std::string wrong = FormatApiKey({key_.key_id, NewApiKey().secret});
  EXPECT_EQ(ReasonOf(grants.Authenticate(wrong, At("2026-06-01T00:00:00Z"))), "KEY_UNKNOWN");
}

TEST_F(GrantDirectoryTest, KeepsTwoKeysOfAClientValidWhileRotating) {
  const ApiKey next = NewApiKey();
  snapshot_.Key(next, "vendor");
  GrantDirectory grants({}, Registry());
  EXPECT_EQ(*grants.Authenticate(text_, now_), "vendor");
  EXPECT_EQ(*grants.Authenticate(FormatApiKey(next), now_), "vendor");
}

TEST_F(GrantDirectoryTest, ChecksOperationAndInstitutionAndDates) {
  snapshot_.Grant("vendor", "school-2", {"report.write"}, "2026-09-01T00:00:00Z", "2027-06-01T00:00:00Z")
      .Grant("vendor", "school-3", {"*"})
      .Grant("vendor", "iksd", {"*"})
      .Operator("iksd");
  GrantDirectory grants({}, Registry());
  ASSERT_TRUE(grants.Refresh());
  const auto check = [&](const char* institution, const char* operation, const char* time = "2026-03-02T08:00:00Z") {
    return ReasonOf(grants.CheckOperation("vendor", institution, operation, At(time)));
  };
  EXPECT_EQ(check("school-1", "report.write"), "");
  EXPECT_EQ(check("school-1", "case.read"), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(check("school-9", "report.write"), "GRANT_MISSING");
  EXPECT_EQ(check("school-2", "report.write"), "GRANT_EXPIRED");
  EXPECT_EQ(check("school-2", "report.write", "2026-09-01T00:00:00Z"), "");
  EXPECT_EQ(check("school-2", "report.write", "2027-06-01T00:00:00Z"), "GRANT_EXPIRED");
  EXPECT_EQ(check("school-3", "case.read"), "");
  EXPECT_EQ(check("school-3", "registry.write"), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(check("school-3", "operations.read"), "OPERATION_NOT_GRANTED");
  EXPECT_EQ(check("iksd", "operations.read"), "");
  EXPECT_EQ(*grants.CheckOperation("vendor", "iksd", "case.read", now_), Principal::Kind::kOperator);
  EXPECT_EQ(*grants.CheckOperation("vendor", "school-1", "report.write", now_), Principal::Kind::kInstitution);
  EXPECT_EQ(ReasonOf(grants.CheckOperation("stranger", "school-1", "report.write", now_)), "GRANT_MISSING");
}

TEST_F(GrantDirectoryTest, StarOfAnInstitutionLeavesOutWhatIsGrantedByNameOnly) {
  snapshot_.Grant("vendor", "school-3", {"*"})
      .Grant("vendor", "iksd", {"indicator.read", "indicator.write"})
      .Grant("vendor", "operator", {"*"})
      .Operator("operator");
  GrantDirectory grants({}, Registry());
  ASSERT_TRUE(grants.Refresh());
  const auto check = [&](const char* institution, const char* operation) {
    return ReasonOf(grants.CheckOperation("vendor", institution, operation, now_));
  };
  for (const char* ordinary : {"fact.write", "risk.read", "tier.decide", "indicator.read"}) {
    EXPECT_EQ(check("school-3", ordinary), "") << ordinary;
  }
  for (const char* by_name : {"indicator.write", "card.activate"}) {
    EXPECT_EQ(check("school-3", by_name), "OPERATION_NOT_GRANTED") << by_name;
    EXPECT_EQ(check("operator", by_name), "") << by_name;
  }
  EXPECT_EQ(check("iksd", "indicator.write"), "");
  EXPECT_EQ(check("iksd", "card.activate"), "OPERATION_NOT_GRANTED");
}

TEST_F(GrantDirectoryTest, AsksTheRegistryAtOnceForAKeyIssuedMeanwhile) {
  GrantDirectory grants({}, Registry());
  ASSERT_TRUE(grants.Refresh());
  const ApiKey fresh = NewApiKey();
  snapshot_.snapshot.set_version(2);
  snapshot_.Key(fresh, "other").Grant("other", "school-1", {"report.write"});
  EXPECT_EQ(*grants.Authenticate(FormatApiKey(fresh), now_), "other");
  EXPECT_TRUE(grants.CheckOperation("other", "school-1", "report.write", now_));
}

TEST_F(GrantDirectoryTest, AsksOnceForAFloodOfUnknownKeys) {
  GrantDirectory grants({.cache_file = {}, .unknown_backoff = std::chrono::hours(1)}, Registry());
  ASSERT_TRUE(grants.Refresh());
  asked_ = 0;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(grants.Authenticate(FormatApiKey(NewApiKey()), now_));
  EXPECT_EQ(asked_, 1);
}

TEST_F(GrantDirectoryTest, AsksAtOnceForWhatAnotherServiceIsKnownToHold) {
  GrantDirectory grants({.cache_file = {}, .unknown_backoff = std::chrono::hours(1)}, Registry());
  ASSERT_TRUE(grants.Refresh());
  const auto check = [&](std::uint64_t seen) {
    return ReasonOf(grants.CheckOperation("other", "school-1", "report.write", now_, seen));
  };
  EXPECT_EQ(check(1), "GRANT_MISSING");
  snapshot_.snapshot.set_version(2);
  snapshot_.Grant("other", "school-1", {"report.write"});
  EXPECT_EQ(check(1), "GRANT_MISSING") << "the backoff holds for what nobody has seen";
  down_ = true;
  EXPECT_EQ(check(2), "GRANTS_UNKNOWN") << "an old list denies nobody whom a newer one admitted";
  down_ = false;
  EXPECT_EQ(check(2), "");
}

TEST_F(GrantDirectoryTest, AdmitsCallersWhileTheRegistryIsDownAlsoAfterARestart) {
  {
    GrantDirectory grants({.cache_file = cache_}, Registry());
    ASSERT_TRUE(grants.Refresh());
    down_ = true;
    EXPECT_FALSE(grants.Refresh());
    EXPECT_EQ(*grants.Authenticate(text_, now_), "vendor");
  }
  GrantDirectory restarted({.cache_file = cache_}, Registry());
  EXPECT_EQ(*restarted.Authenticate(text_, now_), "vendor");
  EXPECT_TRUE(restarted.CheckOperation("vendor", "school-1", "report.write", now_));
}

TEST_F(GrantDirectoryTest, SaysUnavailableWhileNothingIsKnown) {
  down_ = true;
  GrantDirectory grants({.cache_file = cache_}, Registry());
  EXPECT_EQ(grants.Authenticate(text_, now_).error().code, core::Errc::kUnavailable);
  EXPECT_EQ(grants.CheckOperation("vendor", "school-1", "report.write", now_).error().code, core::Errc::kUnavailable);
  EXPECT_FALSE(grants.has_snapshot());
}

TEST_F(GrantDirectoryTest, SaysOnceThatCallersCanBeAdmitted) {
  int said = 0;
  GrantDirectory grants({.cache_file = cache_}, Registry());
  grants.OnFirstSnapshot([&] { ++said; });
  EXPECT_EQ(said, 0);
  ASSERT_TRUE(grants.Refresh());
  snapshot_.snapshot.set_version(2);
  ASSERT_TRUE(grants.Refresh());
  EXPECT_EQ(said, 1);
  GrantDirectory restarted({.cache_file = cache_}, Registry());
  restarted.OnFirstSnapshot([&] { ++said; });
  EXPECT_EQ(said, 2);
}

TEST_F(GrantDirectoryTest, ForgetsARevokedKeyAtTheNextRefresh) {
  GrantDirectory grants({}, Registry());
  EXPECT_TRUE(grants.Authenticate(text_, now_));
  snapshot_.snapshot.clear_credentials();
  snapshot_.snapshot.set_version(2);
  ASSERT_TRUE(grants.Refresh());
  EXPECT_EQ(ReasonOf(grants.Authenticate(text_, now_)), "KEY_UNKNOWN");
}

TEST_F(GrantDirectoryTest, RefreshesByItselfOnceStarted) {
  std::promise<void> asked_twice;
  std::atomic<int> count = 0;
  GrantDirectory grants({.cache_file = {}, .refresh_interval = std::chrono::milliseconds(1)}, [&](std::uint64_t) {
    if (++count == 2) asked_twice.set_value();
    return core::Result<GrantDirectory::Snapshot>(snapshot_.snapshot);
  });
  grants.Start();
  EXPECT_EQ(asked_twice.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  grants.Stop();
  EXPECT_EQ(grants.version(), 1u);
}

}  // namespace
}  // namespace tilts::auth
