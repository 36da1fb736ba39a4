#include <tilts/facts/v1/events.pb.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "registry/adapters/school_day_timer.hpp"
#include "registry_fixture.hpp"
#include "wire/time.hpp"

namespace tilts::registry {
namespace {

class StepClock final : public core::CityClock, public core::MachineClock {
 public:
  explicit StepClock(const char* time) { Set(time); }
  core::CityTime Now() const override { return core::CityTime(std::chrono::microseconds(now_.load())); }
  void Set(const char* time) { now_ = core::ParseRfc3339(time).value().time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> now_{0};
};

class SchoolDaysTest : public RegistryTest {
 protected:
  std::unique_ptr<SchoolDayTimer> Timer() {
    return std::make_unique<SchoolDayTimer>(
        *database_,
        SchoolCalendar(LoadCalendars(std::string(TILTS_SOURCE_DIR) + "/services/registry/data/calendars").value())
            .value(),
        clock_, SchoolDayTimer::Options{20, std::chrono::milliseconds{1}}, log_);
  }

  struct Announced {
    std::string event_id;
    std::string day;
    std::set<std::int64_t> partitions;
  };

  // What waits in the outbox, in its order, partitions of one broadcast together.
  std::vector<Announced> Broadcasts() {
    std::vector<Announced> all;
    const auto rows =
        database_->Query("SELECT event_id, partition, body FROM outbox WHERE topic = 'tilts.learning.v1' ORDER BY seq")
            .value();
    for (const postgres::Row row : rows) {
      const auto envelope = events::Decode(row.BytesOf(2)).value();
      facts::v1::SchoolDayClosed closed;
      EXPECT_TRUE(events::DecodeEventInto(envelope, closed));
      const auto day = calendar::FormatDate(calendar::LocalDate(std::chrono::days(closed.day())));
      if (all.empty() || all.back().event_id != row.Text(0)) all.push_back({row.Text(0), day, {}});
      EXPECT_TRUE(all.back().partitions.insert(row.Int(1)).second) << "twice in a partition: " << day;
      EXPECT_EQ(envelope.id(), row.Text(0));
    }
    return all;
  }

  std::vector<std::string> Days() {
    std::vector<std::string> days;
    for (const Announced& one : Broadcasts()) days.push_back(one.day);
    return days;
  }

  StepClock clock_{"2025-09-01T05:00:00Z"};
  const log::Logger log_{"registry", "test", log::Level::kError, clock_};
};

using Texts = std::vector<std::string>;

TEST_F(SchoolDaysTest, DayIsAnnouncedInEveryPartitionOnceItsHourHasCome) {
  const auto timer = Timer();
  EXPECT_EQ(*timer->CloseDue(), 0U);
  clock_.Set("2025-09-01T16:59:59Z");
  EXPECT_EQ(*timer->CloseDue(), 0U);
  clock_.Set("2025-09-01T17:00:00Z");
  EXPECT_EQ(*timer->CloseDue(), 1U);
  EXPECT_EQ(*timer->CloseDue(), 0U);
  const auto announced = Broadcasts();
  ASSERT_EQ(announced.size(), 1U);
  EXPECT_EQ(announced[0].day, "2025-09-01");
  EXPECT_EQ(announced[0].partitions.size(), 24U);
  EXPECT_EQ(Count("SELECT count(*) FROM closed_school_day"), 1);
}

TEST_F(SchoolDaysTest, DaysSleptThroughAreClosedInOrderAlsoByARestartedRegister) {
  ASSERT_TRUE(Timer()->CloseDue());  // begins on Monday, closes nothing
  clock_.Set("2025-09-04T05:00:00Z");
  EXPECT_EQ(*Timer()->CloseDue(), 3U);
  clock_.Set("2025-09-08T17:00:00Z");
  EXPECT_EQ(*Timer()->CloseDue(), 3U);
  EXPECT_EQ(Days(), (Texts{"2025-09-01", "2025-09-02", "2025-09-03", "2025-09-04", "2025-09-05", "2025-09-08"}));
}

TEST_F(SchoolDaysTest, StartInTheMiddleOfAYearOwesNothingForEarlierDays) {
  clock_.Set("2026-02-03T09:00:00Z");
  EXPECT_EQ(*Timer()->CloseDue(), 0U);
  clock_.Set("2026-02-03T18:00:00Z");
  EXPECT_EQ(*Timer()->CloseDue(), 1U);
  EXPECT_EQ(Days(), Texts{"2026-02-03"});
}

TEST_F(SchoolDaysTest, SeveralReplicasCloseEachDayOnce) {
  ASSERT_TRUE(Timer()->CloseDue());
  clock_.Set("2025-09-19T17:00:00Z");
  std::atomic<std::size_t> closed{0};
  {
    std::vector<std::jthread> replicas;
    for (int i = 0; i < 4; ++i) {
      replicas.emplace_back([&] {
        const auto timer = Timer();
        const auto done = timer->CloseDue();
        ASSERT_TRUE(done) << done.error().message;
        closed += *done;
      });
    }
  }
  EXPECT_EQ(closed, 15U);
  const Texts days = Days();
  EXPECT_EQ(days.size(), 15U);
  EXPECT_TRUE(std::ranges::is_sorted(days));
}

TEST_F(SchoolDaysTest, StatusShowsTheNextCloseAndWhatIsDue) {
  const auto timer = Timer();
  const auto before = timer->Count();
  EXPECT_EQ(before->due, 1U);  // the first day is not fixed yet: the clock may not move
  ASSERT_TRUE(timer->CloseDue());
  const auto at_rest = timer->Count();
  EXPECT_EQ(at_rest->due, 0U);
  EXPECT_EQ(at_rest->next_due_at, core::ParseRfc3339("2025-09-01T17:00:00Z").value());
  clock_.Set("2025-09-02T17:00:00Z");
  EXPECT_EQ(timer->Count()->due, 2U);
  ASSERT_TRUE(timer->CloseDue());
  EXPECT_EQ(timer->Count()->due, 0U);
  EXPECT_EQ(timer->Count()->next_due_at, core::ParseRfc3339("2025-09-03T17:00:00Z").value());
}

TEST_F(SchoolDaysTest, EventTellsWhereTheDayStandsInItsYear) {
  clock_.Set("2026-01-05T05:00:00Z");
  ASSERT_TRUE(Timer()->CloseDue());
  clock_.Set("2026-01-05T18:30:00Z");
  ASSERT_TRUE(Timer()->CloseDue());
  const auto rows = database_->Query("SELECT body FROM outbox WHERE topic = 'tilts.learning.v1' LIMIT 1").value();
  const auto envelope = events::Decode(rows.front().BytesOf(0)).value();
  facts::v1::SchoolDayClosed closed;
  ASSERT_TRUE(events::DecodeEventInto(envelope, closed));
  EXPECT_EQ(closed.school_year(), "2025/26");
  EXPECT_EQ(closed.semester(), 2U);
  EXPECT_EQ(closed.semester_from_day(), closed.day());
  EXPECT_EQ(closed.school_year_from_day(), 20332);  // 2025-09-01
  EXPECT_EQ(closed.school_day_of_year(), 75U);
  EXPECT_EQ(closed.calendar_version(), "2026.1");
  EXPECT_EQ(wire::FromTimestamp(envelope.occurred_at()), core::ParseRfc3339("2026-01-05T18:00:00Z").value());
  EXPECT_EQ(wire::FromTimestamp(envelope.recorded_at()), core::ParseRfc3339("2026-01-05T18:30:00Z").value());
}

}  // namespace
}  // namespace tilts::registry
