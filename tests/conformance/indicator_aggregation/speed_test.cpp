#include <chrono>

#include "fixture.hpp"

namespace tilts::indicator_aggregation {
namespace {

using SpeedTest = IndicatorTest;

// Attendance is what there is most of: a city's year is twelve million records. The bound is a tenth of what was
// measured, so that only a batch that falls apart into single statements breaks it.
TEST_F(SpeedTest, AttendanceIsWrittenInBatches) {
  constexpr int kRecords = 20'000;
  std::vector<events::Draft> drafts;
  for (int i = 0; i < kRecords; ++i) {
    drafts.push_back(Attendance("a-" + std::to_string(i), "pupil-" + std::to_string(i % 700)));
  }
  const auto city = NewCity("a");
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(Feed(*city, drafts, 2'000));
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  const double rate = kRecords / taken.count();
  RecordProperty("attendance_records_per_second", static_cast<int>(rate));
  EXPECT_EQ(Sql(*city, "SELECT count(*) FROM attendance_row"), std::to_string(kRecords));
  EXPECT_GT(rate, 1'000) << "records per second";
}

}  // namespace
}  // namespace tilts::indicator_aggregation
