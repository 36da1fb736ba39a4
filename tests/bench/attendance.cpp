#include "attendance.hpp"

#include <tilts/facts/v1/events.pb.h>

#include <array>
#include <cstdio>
#include <cstring>

#include "calendar/riga_time.hpp"

namespace tilts::bench {
namespace {

constexpr std::int32_t kFirstMonday = 20'332;  // 1 September 2025
constexpr int kPupilsOfASchool = 670;

std::uint64_t Mix(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15U;
  number = (number ^ (number >> 30U)) * 0xbf58476d1ce4e5b9U;
  number = (number ^ (number >> 27U)) * 0x94d049bb133111ebU;
  return number ^ (number >> 31U);
}

std::uint64_t Draw(int pupil, int n, std::uint64_t salt) {
  return Mix((static_cast<std::uint64_t>(pupil) << 20U) ^ (static_cast<std::uint64_t>(n) << 8U) ^ salt);
}

std::string Hex(std::uint64_t high, std::uint64_t low) {
  std::array<char, 33> text{};
  std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(high),
                static_cast<unsigned long long>(low));
  return text.data();
}

core::CityTime StartOf(std::int32_t day) {
  return calendar::StartOfDay(calendar::LocalDate(std::chrono::days(day)));
}

// As a record of the same door would be named and dated.
events::Meta MetaOf(int pupil, std::int32_t day, std::uint64_t salt) {
  events::Meta meta;
  meta.id = Hex(Draw(pupil, day, salt + 1), Draw(pupil, day, salt + 2));
  meta.source = "/case-intake";
  meta.subject = PupilId(pupil);
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = StartOf(day);
  meta.recorded_at = StartOf(day) + std::chrono::hours(16);
  meta.causation_id = Hex(Draw(pupil / 100, day, salt + 3), Draw(pupil / 100, day, salt + 4));
  meta.school_year = "2025/26";
  meta.municipality = "LV-RIX";
  return meta;
}

void SetStamp(facts::v1::Stamp& stamp, int pupil, int n, std::uint64_t salt) {
  const std::array<std::uint64_t, 2> words = {Draw(pupil, n, salt + 5), Draw(pupil, n, salt + 6)};
  std::string id(sizeof words, '\0');
  std::memcpy(id.data(), words.data(), sizeof words);
  stamp.set_record_id(id);
  stamp.set_revision(1);
  std::array<char, 32> school{};
  std::snprintf(school.data(), school.size(), "riga-school-%03d", 1 + pupil / kPupilsOfASchool);
  stamp.set_institution_id(school.data());
}

}  // namespace

std::int32_t SchoolDay(int n) {
  return kFirstMonday + n / 5 * 7 + n % 5;
}

std::string Iso(std::int32_t day) {
  return calendar::FormatDate(calendar::LocalDate(std::chrono::days(day)));
}

Lessons LessonsOf(int pupil, int n) {
  const std::uint64_t draw = Draw(pupil, n, 7);
  const bool often = Mix(static_cast<std::uint64_t>(pupil)) % 20 == 0;
  Lessons lessons;
  lessons.offered = 5 + static_cast<std::uint32_t>(draw % 4);
  if (draw / 4 % 100 < 4) lessons.late = 1;
  const std::uint64_t missed = draw / 400 % 1'000;
  if (missed >= (often ? 250U : 70U)) return lessons;
  const auto count = static_cast<std::uint32_t>(1 + draw / 400'000 % lessons.offered);
  lessons.late = 0;
  (missed % 10 < 6 ? lessons.excused : missed % 10 < 9 ? lessons.unexcused : lessons.unknown) = count;
  return lessons;
}

std::string PupilId(int pupil) {
  return Hex(Mix(static_cast<std::uint64_t>(pupil) * 2 + 1), Mix(static_cast<std::uint64_t>(pupil) * 2 + 2));
}

core::Result<events::Draft> EnrolmentOf(int pupil) {
  facts::v1::EnrolmentRecorded event;
  event.set_pupil_id(PupilId(pupil));
  event.set_from_day(SchoolDay(0));
  event.set_stage(codes::v1::EDUCATION_STAGE_BASIC);
  event.set_grade(1 + static_cast<std::uint32_t>(pupil) % 9);
  SetStamp(*event.mutable_stamp(), pupil, -1, 100);
  return events::MakeDraft(event, MetaOf(pupil, SchoolDay(0), 100));
}

core::Result<events::Draft> AttendanceOf(int pupil, int n) {
  const Lessons lessons = LessonsOf(pupil, n);
  facts::v1::AttendanceRecorded event;
  event.set_pupil_id(PupilId(pupil));
  event.set_day(SchoolDay(n));
  event.set_lessons_offered(lessons.offered);
  event.set_late(lessons.late);
  event.set_absent_unknown(lessons.unknown);
  event.set_absent_excused(lessons.excused);
  event.set_absent_unexcused(lessons.unexcused);
  SetStamp(*event.mutable_stamp(), pupil, n, 200);
  return events::MakeDraft(event, MetaOf(pupil, SchoolDay(n), 200));
}

core::Result<std::vector<events::Draft>> CloseOf(int n) {
  const bool first = n < kFirstSemesterDays;
  facts::v1::SchoolDayClosed event;
  event.set_control("school-day");
  event.set_day(SchoolDay(n));
  event.set_school_year("2025/26");
  event.set_semester(first ? 1 : 2);
  event.set_semester_from_day(SchoolDay(first ? 0 : kFirstSemesterDays));
  event.set_school_year_from_day(SchoolDay(0));
  event.set_school_day_of_year(static_cast<std::uint32_t>(n + 1));
  event.set_calendar_version("bench");
  events::Meta meta = MetaOf(0, SchoolDay(n), 300);
  meta.source = "/registry";
  meta.subject = "school-day";
  meta.recorded_at = StartOf(SchoolDay(n)) + std::chrono::hours(20);
  return events::MakeBroadcast(event, meta, "tilts.learning.v1");
}

}  // namespace tilts::bench
