#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "calendar/riga_time.hpp"
#include "case_intake/domain/codes.hpp"

namespace tilts::case_intake {

// Days since 1970-01-01 in Riga's calendar.
using Day = std::int32_t;
Day DayOf(calendar::LocalDate date);
calendar::LocalDate DateOf(Day day);

// The closed lists of tilts.codes.v1/learning_codes.proto; numbers are the contract's (a unit test compares them).
enum class Stage { kUnspecified = 0, kBasic = 1, kSecondary = 2, kDistance = 3 };
enum class EndReason {
  kUnspecified = 0,
  kTransfer = 1,
  kGraduated = 2,
  kMovedAbroad = 3,
  kDeceased = 4,
  kDroppedOut = 5,
  kExpelled = 6,
  kUnknown = 7,
};
enum class BehaviourKind { kUnspecified = 0, kIncident = 1, kSuspension = 2 };
enum class Specialist { kUnspecified = 0, kSocialPedagogue = 1, kCareerConsultant = 5 };
enum class ConsultationReason { kUnspecified = 0, kUnexcusedAbsence = 1, kCareer = 14, kOther = 99 };
enum class ConsultationMode { kUnspecified = 0, kInPerson = 1, kRemote = 2 };
enum class MeasureKind { kUnspecified = 0, kIndividualPlan = 1, kFamilySupport = 6, kOther = 99 };

// A date as it was sent, and the day it is once it was checked.
struct SentDay {
  std::string text{};
  Day day = 0;

  bool operator==(const SentDay&) const = default;
};

struct EnrolmentFact {
  SentDay from{};
  SentDay to{};  // empty: still enrolled
  EndReason end_reason = EndReason::kUnspecified;
  Stage stage = Stage::kUnspecified;
  std::uint32_t grade = 0;
  std::uint32_t identifiers = 0;  // how many the person came with

  bool operator==(const EnrolmentFact&) const = default;
};
struct AttendanceFact {
  SentDay day{};
  std::uint32_t lessons_offered = 0;
  std::uint32_t late = 0;
  std::uint32_t absent_unknown = 0;
  std::uint32_t absent_excused = 0;
  std::uint32_t absent_unexcused = 0;

  bool operator==(const AttendanceFact&) const = default;
};
struct ResultFact {
  SentDay day{};
  std::uint32_t period = 0;
  std::string subject_code{};
  std::uint32_t mark = 0;

  bool operator==(const ResultFact&) const = default;
};
struct RepetitionFact {
  SentDay day{};
  std::uint32_t grade = 0;

  bool operator==(const RepetitionFact&) const = default;
};
struct BehaviourFact {
  std::string number{};
  SentDay day{};
  BehaviourKind kind = BehaviourKind::kUnspecified;

  bool operator==(const BehaviourFact&) const = default;
};
struct ConsultationFact {
  std::string number{};
  SentDay day{};
  Specialist specialist = Specialist::kUnspecified;
  std::vector<ConsultationReason> reasons{};
  ConsultationMode mode = ConsultationMode::kUnspecified;
  Place place = Place::kUnspecified;

  bool operator==(const ConsultationFact&) const = default;
};
struct MeasureFact {
  std::string number{};
  SentDay day{};
  MeasureKind kind = MeasureKind::kUnspecified;

  bool operator==(const MeasureFact&) const = default;
};

// What a school says happened to one pupil. monostate: it did not say what.
struct Fact {
  std::string pupil_number{};
  std::uint32_t revision = 0;
  bool withdrawn = false;
  std::variant<std::monostate, EnrolmentFact, AttendanceFact, ResultFact, RepetitionFact, BehaviourFact,
               ConsultationFact, MeasureFact>
      body{};

  bool operator==(const Fact&) const = default;
};

// The contract's name of the kind: "attendance". Empty for none.
std::string_view KindOf(const Fact& fact);
// The day that decides whose number it is and in which school year the fact counts.
Day DayOf(const Fact& fact);
// Statistics only: it travels without the pupil.
bool IsSupport(const Fact& fact);

// 1 September on or before the day.
Day SchoolYearFrom(Day day);
// "2025/26"
std::string SchoolYearOn(Day day);

}  // namespace tilts::case_intake
