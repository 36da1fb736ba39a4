#include "log/log.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace tilts::log {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class FixedClock final : public core::MachineClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2026-03-02T08:30:00.5Z").value(); }
};

class LoggerTest : public ::testing::Test {
 protected:
  Logger MakeLogger(Level level) {
    return Logger("audit", "1", level, clock_, [this](std::string_view line) { lines_.emplace_back(line); });
  }

  FixedClock clock_;
  std::vector<std::string> lines_;
};

TEST_F(LoggerTest, WritesOneObjectInFixedOrderWhenRecordHasFields) {
  const Logger logger = MakeLogger(Level::kInfo);
  logger.Info("batch written", {{"topic", "tilts.audit.v1"}, {"records", 3u}, {"ok", true}, {"seconds", 0.25}});
  EXPECT_THAT(lines_,
              ElementsAre(R"({"ts":"2026-03-02T08:30:00.500000Z","level":"info","service":"audit","instance":"1",)"
                          R"("msg":"batch written","topic":"tilts.audit.v1","records":3,"ok":true,"seconds":0.25})"
                          "\n"));
}

TEST_F(LoggerTest, EscapesWhenFieldHoldsControlCharacters) {
  MakeLogger(Level::kInfo).Info("x", {{"text", "a\"b\\c\nd"}});
  EXPECT_THAT(lines_.at(0), HasSubstr(R"("text":"a\"b\\c\u000ad")"));
}

TEST_F(LoggerTest, DropsWhenLevelIsBelowLimit) {
  const Logger logger = MakeLogger(Level::kWarning);
  logger.Info("quiet");
  logger.Warning("loud");
  ASSERT_EQ(lines_.size(), 1u);
  EXPECT_THAT(lines_[0], HasSubstr("loud"));
}

TEST_F(LoggerTest, PutsContextOnLinesWhenScopeIsOpen) {
  const Logger logger = MakeLogger(Level::kInfo);
  {
    const Scope outer({"e1", "c1", "t1"});
    {
      const Scope inner({"e2", "c1", "t1", "call"});
      logger.Info("inner");
    }
    logger.Info("outer");
  }
  logger.Info("none");
  EXPECT_THAT(lines_.at(0), HasSubstr(R"("event_id":"e2","correlation_id":"c1","trace_id":"t1","call_id":"call")"));
  EXPECT_THAT(lines_.at(1), HasSubstr(R"("event_id":"e1")"));
  EXPECT_THAT(lines_.at(2), Not(HasSubstr("event_id")));
}

}  // namespace
}  // namespace tilts::log
