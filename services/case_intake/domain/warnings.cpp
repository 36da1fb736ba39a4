#include "case_intake/domain/warnings.hpp"

#include <array>
#include <utility>

#include "case_intake/domain/fact_check.hpp"

namespace tilts::case_intake {
namespace {

using Entry = std::pair<std::string_view, std::string_view>;
constexpr std::array<Entry, 29> kAdvice{{
    {warning::kStreamAssumed, "The stream was taken from the concerns; name it next time"},
    {warning::kConcernMissing, "Complete the report with at least one concern code"},
    {warning::kConcernOfOtherStream, "A concern belongs to another stream; report it there as well"},
    {warning::kCodeUnknown, "The code is not in the list of this version and was left out; use a listed code"},
    {warning::kNoChildNamed, "Complete the report with the child as SUBJECT or VICTIM as soon as somebody knows it"},
    {warning::kSeveralChildren, "The case is kept for the first child; send a report for each other child"},
    {warning::kRoleMissing, "Complete the report with the person's role"},
    {warning::kPersonUnidentified, "Complete the report with an identifier of the person when it is known"},
    {warning::kIdentifierIncomplete, "The identifier was left out; give its system and a value of 1 to 64 characters"},
    {warning::kIdentifiersConflict, "The identifiers belong to several persons; check them and send the right ones"},
    {warning::kBirthDateInvalid, "The date of birth was left out; write it as YYYY-MM-DD"},
    {warning::kSchoolUnknown, "Complete the report with the child's school as listed by GET /v1/institutions"},
    {warning::kSchoolUnchecked, "The list of institutions is not at hand; the school is checked later by itself"},
    {warning::kResidenceUnknown, "Complete the report with the municipality of residence, e.g. LV-RIX"},
    {warning::kAgeUnknown, "Complete the report with the child's date of birth or age"},
    {warning::kPlaceUnknown, "Complete the report with the place where it happened"},
    {warning::kRelationUnknown,
     "Complete the report with the relation; until then it is treated as possibly the family"},
    {warning::kTimeUnknown, "Say when it happened if somebody knows it"},
    {warning::kTimeInFuture, "The time lies in the future and was left out; check the sending system's clock"},
    {warning::kLevelOutOfRange, "The level was left to the rules; use 1 to 3, or 0 for unknown"},
    {warning::kTextTruncated, "The text was cut at its longest length; send the rest by completing the report"},
    {warning::kVaultUnavailable, "The people are kept sealed and identified later by themselves; nothing to do"},
    {fact_warning::kDayNotASchoolDay, "The school calendar has no lessons on that day; check the date"},
    {fact_warning::kPupilHeld,
     "Nobody has that pupil number yet: the fact is kept sealed and counts once the enrolment was sent"},
    {fact_warning::kSameRecordTwice, "The same record and revision came with other content in this batch; send one"},
    {fact_warning::kNotEnrolledHere, "The pupil is not known to be enrolled here on that day; send the enrolment"},
    {fact_warning::kRevisionNotGreater, "A revision as great is known already; a correction needs a greater one"},
    {fact_warning::kEndingsSkipped,
     "An entry could not be read, so nobody was taken off the roll by this roster; correct it and send it again"},
    {fact_warning::kLaterChangeKept,
     "What is known of this pupil's enrolment was said on a later day than the roster's; it was kept"},
}};

}  // namespace

std::string_view Advice(std::string_view code) {
  for (const auto& [known, text] : kAdvice) {
    if (known == code) return text;
  }
  return {};
}

std::vector<std::string_view> WarningCodes() {
  std::vector<std::string_view> codes;
  for (const Entry& entry : kAdvice) codes.push_back(entry.first);
  return codes;
}

}  // namespace tilts::case_intake
