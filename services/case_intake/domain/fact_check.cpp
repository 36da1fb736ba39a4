#include "case_intake/domain/fact_check.hpp"

#include <algorithm>

namespace tilts::case_intake {
namespace {

constexpr std::uint32_t kMostLessons = 15;
constexpr std::uint32_t kMostRevision = 65'535;
constexpr std::size_t kMostReasons = 8;
constexpr std::uint32_t kMostIdentifiers = 10;
constexpr int kYearsOfSchool = 20;

bool IsLetter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsOwnNumber(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '_' || c == '-';
  });
}

bool IsSubjectCode(std::string_view text) {
  return !text.empty() && text.size() <= 16 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '_'; });
}

template <typename Code>
bool Listed(Code code, Code last, bool other = false) {
  const int number = static_cast<int>(code);
  return (number >= 1 && number <= static_cast<int>(last)) || (other && number == 99);
}

class Checker {
 public:
  Checker(Fact& fact, std::string path, const FactDays& days)
      : fact_(fact), path_(std::move(path)), days_(days), withdrawn_(fact.withdrawn) {}

  std::vector<core::Violation> Run() && {
    if (!IsPupilNumber(fact_.pupil_number)) {
      ComplainAt(path_ + ".pupil_number", fact_.pupil_number.empty() ? "REQUIRED" : "NUMBER_FORMAT",
                 "Send the institution's own number of the pupil: 1 to 64 of A-Z a-z 0-9 . _ / - and spaces inside");
    }
    if (fact_.revision < 1 || fact_.revision > kMostRevision) {
      ComplainAt(path_ + ".revision", "REVISION_RANGE",
                 "Send a revision of 1 to 65535; a correction has a greater one");
    }
    std::visit([this](auto& body) { Check(body); }, fact_.body);
    return std::move(violations_);
  }

 private:
  void Check(std::monostate&) {
    ComplainAt(path_, "KIND_MISSING", "Say what happened: send one of the kinds of facts");
  }

  void Check(EnrolmentFact& enrolment) {
    const bool began = ReadDay(enrolment.from, "from", days_.first_enrolment);
    if (withdrawn_) return;
    if (enrolment.to.text.empty()) {
      Require(enrolment.end_reason == EndReason::kUnspecified, "end_reason", "END_REASON_WITHOUT_END",
              "Send the last day with the reason, or neither");
    } else if (ReadDay(enrolment.to, "to", days_.first_enrolment)) {
      Require(!began || enrolment.to.day >= enrolment.from.day, "to", "END_BEFORE_START",
              "Send a last day on or after the first");
      Require(Listed(enrolment.end_reason, EndReason::kUnknown), "end_reason", "END_REASON_MISSING",
              "Send a listed reason with the last day");
    }
    enrolment.stage = StageOr(enrolment.stage, enrolment.grade);
    Require(Listed(enrolment.stage, Stage::kDistance), "stage", "CODE_UNKNOWN", "Send a listed stage, or the grade");
    Require(GradeFits(enrolment.stage, enrolment.grade), "grade", "GRADE_RANGE",
            "Send a grade of 1 to 12 that belongs to the stage");
    Require(enrolment.identifiers <= kMostIdentifiers, "person.identifiers", "TOO_MANY", "Send at most 10 identifiers");
  }

  void Check(AttendanceFact& attendance) {
    ReadDay(attendance.day, "day", days_.first);
    if (withdrawn_) return;
    const bool offered = attendance.lessons_offered >= 1 && attendance.lessons_offered <= kMostLessons;
    Require(offered, "lessons_offered", "LESSONS_RANGE", "Send 1 to 15 lessons");
    // Wide enough for any numbers sent.
    const std::uint64_t absent =
        std::uint64_t{attendance.absent_unknown} + attendance.absent_excused + attendance.absent_unexcused;
    Require(!offered || absent + attendance.late <= attendance.lessons_offered, "lessons_offered", "LESSONS_SUM",
            "Absences and late arrivals together cannot be more than the lessons offered");
  }

  void Check(ResultFact& result) {
    ReadDay(result.day, "day", days_.first);
    Require(result.period == 1 || result.period == 2, "period", "PERIOD_RANGE", "Send semester 1 or 2");
    Require(IsSubjectCode(result.subject_code), "subject_code", "SUBJECT_FORMAT",
            "Send a code of 1 to 16 of A-Z 0-9 _");
    if (!withdrawn_) Require(result.mark >= 1 && result.mark <= 10, "mark", "MARK_RANGE", "Send a mark of 1 to 10");
  }

  void Check(RepetitionFact& repetition) {
    ReadDay(repetition.day, "day", days_.first);
    if (withdrawn_) return;
    Require(repetition.grade >= 1 && repetition.grade <= 12, "grade", "GRADE_RANGE", "Send a grade of 1 to 12");
  }

  void Check(BehaviourFact& behaviour) {
    OwnNumber(behaviour.number, "incident_number");
    ReadDay(behaviour.day, "day", days_.first);
    if (withdrawn_) return;
    Require(Listed(behaviour.kind, BehaviourKind::kSuspension), "kind", "CODE_UNKNOWN", "Send a listed kind");
  }

  void Check(ConsultationFact& consultation) {
    OwnNumber(consultation.number, "consultation_number");
    ReadDay(consultation.day, "day", days_.first);
    if (withdrawn_) return;
    Require(Listed(consultation.specialist, Specialist::kCareerConsultant), "specialist", "CODE_UNKNOWN",
            "Send a listed specialist");
    Require(!consultation.reasons.empty() && consultation.reasons.size() <= kMostReasons, "reasons", "REASONS_COUNT",
            "Send 1 to 8 reasons");
    for (std::size_t i = 0; i < std::min(consultation.reasons.size(), kMostReasons); ++i) {
      Require(Listed(consultation.reasons[i], ConsultationReason::kCareer, true), "reasons[" + std::to_string(i) + "]",
              "CODE_UNKNOWN", "Send a listed reason");
    }
    Require(Listed(consultation.mode, ConsultationMode::kRemote), "mode", "CODE_UNKNOWN", "Send a listed mode");
    Require(consultation.place == Place::kUnspecified || Listed(consultation.place, Place::kElsewhere), "place",
            "CODE_UNKNOWN", "Send a listed place, or none");
  }

  void Check(MeasureFact& measure) {
    OwnNumber(measure.number, "measure_number");
    ReadDay(measure.day, "day", days_.first);
    if (withdrawn_) return;
    Require(Listed(measure.kind, MeasureKind::kFamilySupport, true), "kind", "CODE_UNKNOWN", "Send a listed kind");
  }

  bool ReadDay(SentDay& sent, const char* field, Day first) {
    const core::Result<calendar::LocalDate> date = calendar::ParseDate(sent.text);
    if (!date) {
      Complain(field, "DAY_INVALID", "Write a day that exists as YYYY-MM-DD");
      return false;
    }
    sent.day = DayOf(*date);
    Require(sent.day <= days_.last, field, "DAY_IN_FUTURE", "Send facts once they have happened");
    Require(sent.day >= first, field, "DAY_TOO_OLD", "Facts are taken back to the start of the previous school year");
    return sent.day <= days_.last && sent.day >= first;
  }

  void OwnNumber(const std::string& number, const char* field) {
    Require(IsOwnNumber(number), field, number.empty() ? "REQUIRED" : "NUMBER_FORMAT",
            "Send the institution's own number: 1 to 64 of A-Z a-z 0-9 . _ -");
  }

  void Require(bool holds, const std::string& field, const char* code, const char* advice) {
    if (!holds) Complain(field, code, advice);
  }
  void Complain(const std::string& field, const char* code, const char* advice) {
    ComplainAt(path_ + "." + std::string(KindOf(fact_)) + "." + field, code, advice);
  }
  void ComplainAt(std::string field, const char* code, const char* advice) {
    violations_.push_back({std::move(field), code, advice});
  }

  Fact& fact_;
  const std::string path_;
  const FactDays& days_;
  const bool withdrawn_;
  std::vector<core::Violation> violations_;
};

}  // namespace

FactDays FactDaysOn(calendar::LocalDate today) {
  const Day day = DayOf(today);
  return {SchoolYearFrom(SchoolYearFrom(day) - 1), day - kYearsOfSchool * 366, day + 1};
}

std::vector<core::Violation> CheckFact(Fact& fact, const std::string& path, const FactDays& days) {
  return Checker(fact, path, days).Run();
}

bool IsPupilNumber(std::string_view text) {
  const auto allowed = [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '.' || c == '_' || c == '/' || c == '-' || c == ' ';
  };
  // The vault leaves separators out: something must remain.
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed) &&
         std::any_of(text.begin(), text.end(), [](char c) { return IsLetter(c) || IsDigit(c); }) &&
         text.front() != ' ' && text.back() != ' ';
}

Stage StageOr(Stage stage, std::uint32_t grade) {
  if (stage != Stage::kUnspecified || grade == 0) return stage;
  return grade <= 9 ? Stage::kBasic : Stage::kSecondary;
}

bool GradeFits(Stage stage, std::uint32_t grade) {
  if (grade == 0) return true;
  if (stage == Stage::kBasic) return grade <= 9;
  if (stage == Stage::kSecondary) return grade >= 10 && grade <= 12;
  return grade <= 12;
}

bool IsAnySchoolDay(const calendar::Calendar& schools, Day day) {
  // Grades 9 and 12 learn on when the others have finished.
  for (const int grade : {1, 9, 12}) {
    const core::Result<bool> school_day = schools.IsSchoolDay(DateOf(day), grade);
    if (!school_day || *school_day) return true;  // a year the calendar does not know is not judged
  }
  return false;
}

std::string DayPath(const Fact& fact, const std::string& path) {
  const char* field = std::holds_alternative<EnrolmentFact>(fact.body) ? ".from" : ".day";
  return path + "." + std::string(KindOf(fact)) + field;
}

std::vector<Warning> DoubtsOf(const Fact& fact, const std::string& path,
                              const std::optional<calendar::Calendar>& schools) {
  // Only lessons are bound to school days: incidents happen on trips, consultations in holidays.
  if (!std::holds_alternative<AttendanceFact>(fact.body) || fact.withdrawn || !schools) return {};
  if (IsAnySchoolDay(*schools, DayOf(fact))) return {};
  return {{DayPath(fact, path), fact_warning::kDayNotASchoolDay}};
}

}  // namespace tilts::case_intake
