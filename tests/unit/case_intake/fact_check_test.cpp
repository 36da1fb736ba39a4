#include "case_intake/domain/fact_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "calendar/calendar_data.hpp"

namespace tilts::case_intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const calendar::LocalDate kToday = calendar::ParseDate("2026-03-02").value();

Fact Good(auto body) {
  Fact fact{"PN-1", 1, false, {}};
  fact.body = std::move(body);
  return fact;
}
Fact Attendance() {
  return Good(AttendanceFact{{"2026-02-27"}, 7, 1, 1, 1, 1});
}
Fact Enrolled() {
  return Good(EnrolmentFact{{"2025-09-01"}, {}, EndReason::kUnspecified, Stage::kBasic, 7, 1});
}
Fact Result() {
  return Good(ResultFact{{"2025-12-19"}, 1, "MATH", 4});
}
Fact Repetition() {
  return Good(RepetitionFact{{"2025-09-01"}, 6});
}
Fact Behaviour() {
  return Good(BehaviourFact{"I-1", {"2026-02-27"}, BehaviourKind::kIncident});
}
Fact Consultation() {
  return Good(ConsultationFact{"K-1",
                               {"2026-02-27"},
                               Specialist::kSocialPedagogue,
                               {ConsultationReason::kOther},
                               ConsultationMode::kRemote,
                               Place::kUnspecified});
}
Fact Measure() {
  return Good(MeasureFact{"M-1", {"2026-02-27"}, MeasureKind::kOther});
}

std::vector<std::string> ComplaintsAbout(Fact fact) {
  std::vector<std::string> complaints;
  for (const core::Violation& one : CheckFact(fact, "facts[3]", FactDaysOn(kToday))) {
    EXPECT_GT(one.message.size(), 10u);
    complaints.push_back(one.field + " " + one.code);
  }
  return complaints;
}

TEST(FactCheckTest, TakesEveryKindWhenItIsRight) {
  for (const Fact& fact : {Attendance(), Enrolled(), Result(), Repetition(), Behaviour(), Consultation(), Measure()}) {
    EXPECT_THAT(ComplaintsAbout(fact), IsEmpty()) << KindOf(fact);
  }
}

struct Case {
  const char* name;
  Fact fact;
  std::function<void(Fact&)> spoil;
  const char* complaint;
};

template <typename Body>
std::function<void(Fact&)> With(void (*change)(Body&)) {
  return [change](Fact& fact) { change(std::get<Body>(fact.body)); };
}

class FactComplaintTest : public ::testing::TestWithParam<Case> {};

TEST_P(FactComplaintTest, NamesTheFieldAndNothingElse) {
  Fact fact = GetParam().fact;
  GetParam().spoil(fact);
  EXPECT_THAT(ComplaintsAbout(fact), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Facts, FactComplaintTest,
    ::testing::Values(
        Case{"NoNumber", Attendance(), [](Fact& f) { f.pupil_number = ""; }, "facts[3].pupil_number REQUIRED"},
        Case{"OddNumber", Attendance(), [](Fact& f) { f.pupil_number = "a\nb"; },
             "facts[3].pupil_number NUMBER_FORMAT"},
        Case{"OnlySeparators", Attendance(), [](Fact& f) { f.pupil_number = "-/-"; },
             "facts[3].pupil_number NUMBER_FORMAT"},
        Case{"LongNumber", Attendance(), [](Fact& f) { f.pupil_number = std::string(65, '1'); },
             "facts[3].pupil_number NUMBER_FORMAT"},
        Case{"NoRevision", Attendance(), [](Fact& f) { f.revision = 0; }, "facts[3].revision REVISION_RANGE"},
        Case{"LargeRevision", Attendance(), [](Fact& f) { f.revision = 65'536; }, "facts[3].revision REVISION_RANGE"},
        Case{"NoKind", Attendance(), [](Fact& f) { f.body = std::monostate(); }, "facts[3] KIND_MISSING"},
        Case{"NoSuchDay", Attendance(), With<AttendanceFact>([](auto& b) { b.day.text = "2026-02-30"; }),
             "facts[3].attendance.day DAY_INVALID"},
        Case{"InTwoDays", Attendance(), With<AttendanceFact>([](auto& b) { b.day.text = "2026-03-04"; }),
             "facts[3].attendance.day DAY_IN_FUTURE"},
        Case{"LongAgo", Attendance(), With<AttendanceFact>([](auto& b) { b.day.text = "2024-08-31"; }),
             "facts[3].attendance.day DAY_TOO_OLD"},
        Case{"NoLessons", Attendance(), With<AttendanceFact>([](auto& b) { b.lessons_offered = 0; }),
             "facts[3].attendance.lessons_offered LESSONS_RANGE"},
        Case{"ManyLessons", Attendance(), With<AttendanceFact>([](auto& b) { b.lessons_offered = 16; }),
             "facts[3].attendance.lessons_offered LESSONS_RANGE"},
        Case{"MoreAbsentThanOffered", Attendance(), With<AttendanceFact>([](auto& b) { b.absent_excused = 6; }),
             "facts[3].attendance.lessons_offered LESSONS_SUM"},
        Case{"LaterThanPresent", Attendance(), With<AttendanceFact>([](auto& b) { b.late = 5; }),
             "facts[3].attendance.lessons_offered LESSONS_SUM"},
        Case{"SumDoesNotWrap", Attendance(), With<AttendanceFact>([](auto& b) { b.absent_unknown = 0xFFFFFFFF; }),
             "facts[3].attendance.lessons_offered LESSONS_SUM"},
        Case{"Mark11", Result(), With<ResultFact>([](auto& b) { b.mark = 11; }), "facts[3].result.mark MARK_RANGE"},
        Case{"Mark0", Result(), With<ResultFact>([](auto& b) { b.mark = 0; }), "facts[3].result.mark MARK_RANGE"},
        Case{"Period3", Result(), With<ResultFact>([](auto& b) { b.period = 3; }),
             "facts[3].result.period PERIOD_RANGE"},
        Case{"SmallSubject", Result(), With<ResultFact>([](auto& b) { b.subject_code = "math"; }),
             "facts[3].result.subject_code SUBJECT_FORMAT"},
        Case{"Grade13", Repetition(), With<RepetitionFact>([](auto& b) { b.grade = 13; }),
             "facts[3].repetition.grade GRADE_RANGE"},
        Case{"NoIncident", Behaviour(), With<BehaviourFact>([](auto& b) { b.number = ""; }),
             "facts[3].behaviour.incident_number REQUIRED"},
        Case{"OddBehaviour", Behaviour(), With<BehaviourFact>([](auto& b) { b.kind = static_cast<BehaviourKind>(3); }),
             "facts[3].behaviour.kind CODE_UNKNOWN"},
        Case{"NoReasons", Consultation(), With<ConsultationFact>([](auto& b) { b.reasons.clear(); }),
             "facts[3].consultation.reasons REASONS_COUNT"},
        Case{"OddReason", Consultation(),
             With<ConsultationFact>([](auto& b) { b.reasons.push_back(static_cast<ConsultationReason>(15)); }),
             "facts[3].consultation.reasons[1] CODE_UNKNOWN"},
        Case{"NoSpecialist", Consultation(),
             With<ConsultationFact>([](auto& b) { b.specialist = Specialist::kUnspecified; }),
             "facts[3].consultation.specialist CODE_UNKNOWN"},
        Case{"NoMode", Consultation(), With<ConsultationFact>([](auto& b) { b.mode = ConsultationMode::kUnspecified; }),
             "facts[3].consultation.mode CODE_UNKNOWN"},
        Case{"OddMeasureNumber", Measure(), With<MeasureFact>([](auto& b) { b.number = "a b"; }),
             "facts[3].support_measure.measure_number NUMBER_FORMAT"},
        Case{"OddMeasure", Measure(), With<MeasureFact>([](auto& b) { b.kind = static_cast<MeasureKind>(7); }),
             "facts[3].support_measure.kind CODE_UNKNOWN"},
        Case{"EndsBeforeItBegins", Enrolled(), With<EnrolmentFact>([](auto& b) {
               b.to.text = "2025-08-31";
               b.end_reason = EndReason::kTransfer;
             }),
             "facts[3].enrolment.to END_BEFORE_START"},
        Case{"EndWithoutReason", Enrolled(), With<EnrolmentFact>([](auto& b) { b.to.text = "2026-01-31"; }),
             "facts[3].enrolment.end_reason END_REASON_MISSING"},
        Case{"ReasonWithoutEnd", Enrolled(), With<EnrolmentFact>([](auto& b) { b.end_reason = EndReason::kExpelled; }),
             "facts[3].enrolment.end_reason END_REASON_WITHOUT_END"},
        Case{"GradeOfAnotherStage", Enrolled(), With<EnrolmentFact>([](auto& b) { b.grade = 10; }),
             "facts[3].enrolment.grade GRADE_RANGE"},
        Case{"NeitherStageNorGrade", Enrolled(), With<EnrolmentFact>([](auto& b) {
               b.stage = Stage::kUnspecified;
               b.grade = 0;
             }),
             "facts[3].enrolment.stage CODE_UNKNOWN"},
        Case{"ManyIdentifiers", Enrolled(), With<EnrolmentFact>([](auto& b) { b.identifiers = 11; }),
             "facts[3].enrolment.person.identifiers TOO_MANY"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(FactCheckTest, DaysReachFromThePreviousSchoolYearToTomorrow) {
  for (const char* day : {"2024-09-01", "2026-03-02", "2026-03-03"}) {
    Fact fact = Attendance();
    std::get<AttendanceFact>(fact.body).day.text = day;
    EXPECT_THAT(ComplaintsAbout(fact), IsEmpty()) << day;
  }
  Fact long_here = Enrolled();
  std::get<EnrolmentFact>(long_here.body).from.text = "2018-09-03";
  EXPECT_THAT(ComplaintsAbout(long_here), IsEmpty());
}

TEST(FactCheckTest, OfAWithdrawnFactOnlyTheKeyIsLookedAt) {
  Fact fact = Attendance();
  fact.withdrawn = true;
  fact.body = AttendanceFact{{"2026-02-27"}, 0, 9, 9, 9, 9};
  EXPECT_THAT(ComplaintsAbout(fact), IsEmpty());
  std::get<AttendanceFact>(fact.body).day.text = "yesterday";
  EXPECT_THAT(ComplaintsAbout(fact), ElementsAre("facts[3].attendance.day DAY_INVALID"));
}

TEST(FactCheckTest, EveryFaultOfAnItemIsNamed) {
  EXPECT_THAT(ComplaintsAbout(Fact{}), ElementsAre("facts[3].pupil_number REQUIRED", "facts[3].revision REVISION_RANGE",
                                                   "facts[3] KIND_MISSING"));
}

TEST(FactCheckTest, TheStageFollowsFromTheGrade) {
  EXPECT_EQ(StageOr(Stage::kUnspecified, 9), Stage::kBasic);
  EXPECT_EQ(StageOr(Stage::kUnspecified, 10), Stage::kSecondary);
  EXPECT_EQ(StageOr(Stage::kDistance, 10), Stage::kDistance);
  EXPECT_EQ(StageOr(Stage::kUnspecified, 0), Stage::kUnspecified);
}

TEST(FactCheckTest, SchoolYearsBeginOnTheFirstOfSeptember) {
  EXPECT_EQ(SchoolYearOn(DayOf(calendar::ParseDate("2025-08-31").value())), "2024/25");
  EXPECT_EQ(SchoolYearOn(DayOf(calendar::ParseDate("2025-09-01").value())), "2025/26");
  EXPECT_EQ(SchoolYearFrom(DayOf(kToday)), DayOf(calendar::ParseDate("2025-09-01").value()));
}

}  // namespace
}  // namespace tilts::case_intake
