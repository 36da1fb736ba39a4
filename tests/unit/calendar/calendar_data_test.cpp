#include "calendar/calendar_data.hpp"

#include <gtest/gtest.h>

#include "calendar_files.hpp"

namespace tilts::calendar {
namespace {

using testing::ReadCalendarFile;

constexpr std::string_view kSmall = R"({"id": "x", "version": "1", "kind": "WORKING_DAYS", "zone": "Europe/Riga",
  "source": "test", "covers": {"from": "2026-01-01", "to": "2026-01-31"},
  "hours": {"week": {"MON": [["08:00", "12:00"], ["13:00", "17:00"]]}},
  "holidays": [{"date": "2026-01-01", "name": "New Year's Day"}]})";

std::string Replaced(std::string_view from, std::string_view to) {
  std::string text(kSmall);
  const auto at = text.find(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string Complaint(const std::string& text) {
  const auto calendar = ParseCalendar(text);
  return calendar ? "accepted" : calendar.error().message;
}

TEST(CalendarDataTest, ShippedFilesAreValidAndAnswerById) {
  const std::vector<std::string> files{ReadCalendarFile("state"), ReadCalendarFile("municipal"),
                                       ReadCalendarFile("schools")};
  const auto set = CalendarSet::Parse(files);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->all().size(), 3U);
  EXPECT_EQ(set->Find("schools")->kind(), CalendarKind::kSchoolDays);
  EXPECT_FALSE(set->Find("state")->version().empty());
  const auto unknown = set->Find("moon");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, core::Errc::kNotFound);
  EXPECT_NE(unknown.error().message.find("municipal, schools, state"), std::string::npos);
}

TEST(CalendarDataTest, SetIsRefusedWhenAnIdIsGivenTwice) {
  const std::vector<std::string> files{std::string(kSmall), std::string(kSmall)};
  EXPECT_EQ(CalendarSet::Parse(files).error().reason, "CALENDAR_TWICE");
}

TEST(CalendarDataTest, RefusedWithThePathWhenAFieldIsWrong) {
  ASSERT_EQ(Complaint(std::string(kSmall)), "accepted");
  EXPECT_NE(Complaint(Replaced("\"version\"", "\"verison\"")).find("$.verison"), std::string::npos);
  EXPECT_NE(Complaint(Replaced("2026-01-01\", \"name\"", "2026-01-41\", \"name\"")).find("$.holidays[0].date"),
            std::string::npos);
  EXPECT_NE(Complaint(Replaced("08:00", "8:00")).find("$.hours.week.MON[0]"), std::string::npos);
  EXPECT_NE(Complaint(Replaced("Europe/Riga", "Europe/Oslo")).find("Europe/Riga"), std::string::npos);
  EXPECT_NE(Complaint(Replaced("WORKING_DAYS", "MOON_DAYS")).find("$.kind"), std::string::npos);
  EXPECT_NE(Complaint(Replaced("\"source\": \"test\",", "")).find("$.source"), std::string::npos);
  EXPECT_NE(Complaint("{").find("well-formed"), std::string::npos);
}

TEST(CalendarDataTest, AKeyThatCannotStandInALogIsNotRepeated) {
  const std::string complaint = Complaint(Replaced("\"zone\"", "\"zo\\nne\": 1, \"zone\""));
  EXPECT_NE(complaint.find("$.? must be left out"), std::string::npos) << complaint;
}

TEST(CalendarDataTest, ANumberTooLargeDoesNotWrapAround) {
  const std::string semesters = R"("semesters": [{"school_year": "2025/26", "number": 18446744073709551615,
      "from": "2026-01-05", "to": "2026-01-30"}], "holidays")";
  EXPECT_NE(Complaint(Replaced("\"holidays\"", semesters)).find("$.semesters[0].number must be a small whole number"),
            std::string::npos);
}

TEST(CalendarDataTest, RefusedWhenTheContentContradictsItself) {
  EXPECT_NE(Complaint(Replaced("\"13:00\", \"17:00\"", "\"11:00\", \"17:00\"")), "accepted");
  EXPECT_NE(Complaint(Replaced("2026-01-01\", \"name\"", "2027-01-01\", \"name\"")), "accepted");
  EXPECT_NE(Complaint(Replaced("\"to\": \"2026-01-31\"", "\"to\": \"2025-01-31\"")), "accepted");
  // Off on a Saturday, worked on a Monday: the wrong way round.
  EXPECT_NE(
      Complaint(Replaced("\"holidays\"",
                         "\"moved_days\": [{\"day_off\": \"2026-01-10\", \"worked\": \"2026-01-12\"}], \"holidays\"")),
      "accepted");
  EXPECT_NE(Complaint(Replaced("WORKING_DAYS", "SCHOOL_DAYS")), "accepted");
}

TEST(CalendarDataTest, DutyHoursSurviveWritingAndReading) {
  const auto hours =
      ParseDutyHours(R"({"week": {"MON": [["08:00", "12:00"], ["13:00", "24:00"]]}, "round_the_clock": true})");
  ASSERT_TRUE(hours) << hours.error().message;
  EXPECT_EQ(*ParseDutyHours(FormatDutyHours(*hours)), *hours);
  EXPECT_FALSE(ParseDutyHours(R"({"week": {}})"));
  EXPECT_FALSE(ParseDutyHours(R"({"week": {"MON": [["25:00", "26:00"]]}})"));
}

}  // namespace
}  // namespace tilts::calendar
