#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace tilts::indicator_aggregation {

// What one record of the log counts as. The first nine are tilts.indicators.v1.RowKind by number and may be counted by
// a definition; the others are kept so that a sender can prove its feed.
enum class RowKind {
  kUnspecified = 0,
  kConsultation = 1,
  kSupportMeasure = 2,
  kEnrolment = 3,
  kInvolvement = 4,
  kLimit = 5,
  kReferral = 6,
  kCase = 7,
  kAttendance = 8,
  kTierDecision = 9,
  kResult = 20,
  kRepetition = 21,
  kBehaviour = 22,
};

// Bits of Codes::marks.
enum Mark : int {
  kMarkAct = 1,  // of a referral: the recipient is asked to act
  kMarkAnsweredInTime = 2,
  kMarkAnsweredLate = 4,
  kMarkExpired = 8,
  kMarkReRouted = 16,         // sent in place of one that was rejected or expired
  kMarkLast = 32,             // of an enrolment: the pupil has no newer one; never stored
  kMarkOutcomeIn30Days = 64,  // of a referral, by its times; never stored
};

// When a referral got where, microseconds since 1970-01-01 UTC; 0: not yet.
struct Times {
  std::int64_t requested = 0;
  std::int64_t received = 0;
  std::int64_t answered = 0;
  std::int64_t concluded = 0;  // with an outcome

  auto operator<=>(const Times&) const = default;
};

// The contract's codes by number, 0 where a kind has none.
struct Codes {
  int end_reason = 0;
  int specialist = 0;
  std::vector<int> reasons;  // ascending, each once
  int mode = 0;
  int place = 0;
  int measure = 0;  // support measure, behaviour, or the mark of a result
  int stage = 0;
  int grade = 0;
  int institution_kind = 0;
  int referral_state = 0;
  int reject_reason = 0;
  int semester = 0;
  int decision = 0;
  int marks = 0;
  Times times;

  auto operator<=>(const Codes&) const = default;
};

struct Row {
  std::string record_id;  // 16 bytes
  int revision = 0;
  bool withdrawn = false;
  RowKind kind = RowKind::kUnspecified;
  int day = 0;             // days since 1970-01-01, Riga; of an enrolment the first one
  int to_day = 0;          // of an enrolment the last one; 0: open
  std::string subject_id;  // pupil id, statistics id, or empty
  std::string institution_id;
  std::string municipality;
  std::string school_year;  // "2025/26"
  Codes codes;

  bool operator==(const Row&) const = default;
};

// What stays when two contributions of one record meet, in any order and however often: the greater revision, of equal
// ones the smaller tuple. A referral keeps every mark it ever got and the first of its days and times.
Row Merge(const Row& a, const Row& b);

// The canonical text of the codes, and back; nothing is guessed, so an edited text is an error (false).
std::string ToText(const Codes& codes);
bool FromText(const std::string& text, Codes& codes);

}  // namespace tilts::indicator_aggregation
