#include <gtest/gtest.h>

#include "city_simulator/time/riga_time.hpp"
#include "city_simulator/time/working_days.hpp"

namespace tilts::city_simulator {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Vector {
  const char* received;
  const char* state;
  const char* municipal;
};

class TwoWorkingDaysTest : public testing::TestWithParam<Vector> {};

TEST_P(TwoWorkingDaysTest, EndAsTheLawCountsThem) {
  const Vector& vector = GetParam();
  const Day received = *ReadDay(vector.received);
  EXPECT_EQ(WriteDay(AddWorkingDays(Follows::kState, received, 2)), vector.state);
  EXPECT_EQ(WriteDay(AddWorkingDays(Follows::kMunicipal, received, 2)), vector.municipal);
}

INSTANTIATE_TEST_SUITE_P(
    Published, TwoWorkingDaysTest,
    testing::Values(Vector{"2024-05-03", "2024-05-08", "2024-05-08"}, Vector{"2024-12-20", "2024-12-28", "2024-12-27"},
                    Vector{"2025-04-30", "2025-05-07", "2025-05-06"}, Vector{"2025-11-07", "2025-11-10", "2025-11-11"},
                    Vector{"2025-11-14", "2025-11-20", "2025-11-19"}, Vector{"2025-12-23", "2025-12-30", "2025-12-30"},
                    Vector{"2026-01-16", "2026-01-19", "2026-01-20"}, Vector{"2026-04-02", "2026-04-08", "2026-04-08"},
                    Vector{"2026-06-19", "2026-06-26", "2026-06-25"},
                    Vector{"2023-07-07", "2023-07-12", "2023-07-12"}));

TEST(RigaTimeTest, OffsetChangesAtTheLastSundayOfMarchAndOctober) {
  EXPECT_EQ(RigaOffset(*Read("2025-03-30T00:59:59Z")), hours{2});
  EXPECT_EQ(RigaOffset(*Read("2025-03-30T01:00:00Z")), hours{3});
  EXPECT_EQ(RigaOffset(*Read("2025-10-26T00:59:59Z")), hours{3});
  EXPECT_EQ(RigaOffset(*Read("2025-10-26T01:00:00Z")), hours{2});
}

TEST(RigaTimeTest, WallTimeComesBackWhenWrittenAndRead) {
  for (Day day = *ReadDay("2025-01-01"); day < *ReadDay("2026-01-01"); day += std::chrono::days{1}) {
    const Instant at = FromRiga(day, hours{8} + minutes{30});
    EXPECT_EQ(InRiga(at).day, day);
    EXPECT_EQ(InRiga(at).since_midnight, hours{8} + minutes{30});
    EXPECT_EQ(*Read(Write(at)), at);
  }
}

TEST(RigaTimeTest, FractionsOfASecondAreKept) {
  EXPECT_EQ(Write(*Read("2025-10-27T06:00:00.000123Z")), "2025-10-27T06:00:00.000123Z");
  EXPECT_EQ(Write(*Read("2025-10-27T06:00:00.5Z")), "2025-10-27T06:00:00.500000Z");
}

TEST(RigaTimeTest, NonsenseIsNoTime) {
  for (const char* text : {"", "2025-10-27", "2025-13-01T00:00:00Z", "2025-10-27T06:00:00", "2025-10-27T06:00:00.Z0"}) {
    EXPECT_FALSE(Read(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace tilts::city_simulator
