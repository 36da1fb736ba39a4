#include <set>

#include "core/concat.hpp"
#include "events/draft.hpp"
#include "risk_fixture.hpp"

namespace tilts::risk_scoring {
namespace {

constexpr Day kNextYear = 20'332 + 365;  // 1 September 2026

class PupilYearTest : public RiskTest {
 protected:
  std::vector<risk::v1::PupilYearClosed> Years() {
    std::vector<risk::v1::PupilYearClosed> years;
    for (const events::Record& record : ReadAll(years_topic_, 1)) {
      const auto envelope = events::Decode(record.value).value();
      EXPECT_TRUE(events::DecodeEventInto(envelope, years.emplace_back()));
      EXPECT_EQ(record.key, years.back().pupil_id());
    }
    return years;
  }
};

TEST_F(PupilYearTest, EachPupilIsCarriedOutOfAYearOnce) {
  Enrol("pupil-1");
  Enrol("pupil-2");
  Attended("pupil-1", 0, 12, 2);
  const auto processor = NewProcessor();
  ASSERT_TRUE(Drain(*processor));
  EXPECT_TRUE(Years().empty()) << "the year is not over";
  CloseDayOf(2026, kNextYear, kNextYear);
  CloseDayOf(2026, kNextYear, kNextYear);
  CloseDayOf(2026, kNextYear + 1, kNextYear);
  ASSERT_TRUE(Drain(*processor));
  std::map<std::string, risk::v1::PupilYearClosed> by_pupil;
  for (const auto& year : Years()) EXPECT_TRUE(by_pupil.emplace(year.pupil_id(), year).second) << "twice";
  ASSERT_EQ(by_pupil.size(), 2U);
  const auto& first = by_pupil.at("pupil-1");
  EXPECT_EQ(first.school_year(), "2025/26");
  EXPECT_EQ(first.as_of_day(), SchoolDay(11));
  EXPECT_EQ(first.institution_id(), kSchool);
  EXPECT_EQ(first.tier(), 2U);
  ASSERT_EQ(first.lines_size(), 1);
  EXPECT_TRUE(first.lines(0).stands());
  EXPECT_EQ(by_pupil.at("pupil-2").lines_size(), 0);
  const auto state = DecodePupilState(first.state());
  ASSERT_TRUE(state.has_value()) << state.error().message;
  EXPECT_EQ(state->attendance.size(), 12U) << "what a rebuild would go on from";
}

TEST_F(PupilYearTest, ALateFactOfAClosedYearIsTakenInAndChangesNoSnapshot) {
  Enrol("pupil-1");
  Attended("pupil-1", 0, 12, 2);
  CloseDayOf(2026, kNextYear, kNextYear);
  const auto processor = NewProcessor();
  ASSERT_TRUE(Drain(*processor));
  const auto before = ReadAll(years_topic_, 1);
  Attend("pupil-1", 3, 0, 2, 2);
  CloseDayOf(2026, kNextYear + 1, kNextYear);
  ASSERT_TRUE(Drain(*processor));
  const auto after = ReadAll(years_topic_, 1);
  ASSERT_EQ(before.size(), 1U);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after.front().value, before.front().value);
}

TEST_F(PupilYearTest, ADeathBetweenPublishAndWriteCarriesTheSameBytesAgain) {
  Enrol("pupil-1");
  Attended("pupil-1", 0, 12, 2);
  CloseDayOf(2026, kNextYear, kNextYear);
  auto dying = NewProcessor();
  dying->SetAfterPublish([] { return core::Fail(core::Errc::kUnavailable, "died"); });
  EXPECT_FALSE(Drain(*dying));
  const std::size_t first = ReadAll(years_topic_, 1).size();
  dying = NewProcessor();
  ASSERT_TRUE(Drain(*dying));
  std::set<std::string> values;
  const auto records = ReadAll(years_topic_, 1);
  for (const events::Record& record : records) values.insert(record.value);
  EXPECT_EQ(records.size(), first + 1);
  EXPECT_EQ(values.size(), 1U) << "a compacted topic keeps either";
}

}  // namespace
}  // namespace tilts::risk_scoring
