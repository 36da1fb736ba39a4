#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tilts::case_intake {

// A detail that is missing, unknown or doubtful. The report is accepted all the same.
struct Warning {
  std::string field;  // "people[0].school_id"
  std::string code;   // one of `warning`

  bool operator==(const Warning&) const = default;
};

namespace warning {
inline constexpr char kStreamAssumed[] = "STREAM_ASSUMED";
inline constexpr char kConcernMissing[] = "CONCERN_MISSING";
inline constexpr char kConcernOfOtherStream[] = "CONCERN_OF_OTHER_STREAM";
inline constexpr char kCodeUnknown[] = "CODE_UNKNOWN";
inline constexpr char kNoChildNamed[] = "NO_CHILD_NAMED";
inline constexpr char kSeveralChildren[] = "SEVERAL_CHILDREN";
inline constexpr char kRoleMissing[] = "ROLE_MISSING";
inline constexpr char kPersonUnidentified[] = "PERSON_UNIDENTIFIED";
inline constexpr char kIdentifierIncomplete[] = "IDENTIFIER_INCOMPLETE";
inline constexpr char kIdentifiersConflict[] = "IDENTIFIERS_CONFLICT";
inline constexpr char kBirthDateInvalid[] = "BIRTH_DATE_INVALID";
inline constexpr char kSchoolUnknown[] = "SCHOOL_UNKNOWN";
inline constexpr char kSchoolUnchecked[] = "SCHOOL_UNCHECKED";
inline constexpr char kResidenceUnknown[] = "RESIDENCE_UNKNOWN";
inline constexpr char kAgeUnknown[] = "AGE_UNKNOWN";
inline constexpr char kPlaceUnknown[] = "PLACE_UNKNOWN";
inline constexpr char kRelationUnknown[] = "RELATION_UNKNOWN";
inline constexpr char kTimeUnknown[] = "TIME_UNKNOWN";
inline constexpr char kTimeInFuture[] = "TIME_IN_FUTURE";
inline constexpr char kLevelOutOfRange[] = "LEVEL_OUT_OF_RANGE";
inline constexpr char kTextTruncated[] = "TEXT_TRUNCATED";
inline constexpr char kVaultUnavailable[] = "VAULT_UNAVAILABLE";
}  // namespace warning

// What the reporter should do next. Empty for a code nobody declared.
std::string_view Advice(std::string_view code);
// Every declared code, for the documentation and its test.
std::vector<std::string_view> WarningCodes();

}  // namespace tilts::case_intake
