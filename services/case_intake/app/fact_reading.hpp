#pragma once

#include <tilts/intake/v1/fact_service.pb.h>

#include "case_intake/domain/fact_check.hpp"
#include "case_intake/domain/roster_difference.hpp"

namespace tilts::case_intake {

inline constexpr int kMostFacts = 1'000;
inline constexpr int kMostRosterPupils = 3'000;
inline constexpr int kMostPupilNumbers = 1'000;

// The contract's fact as the domain looks at it; nothing is judged here.
Fact FromProto(const intake::v1::Fact& sent);

// kInvalid when the request cannot be taken item by item: BATCH_EMPTY, BATCH_TOO_LARGE.
core::Status CheckBatch(const char* field, int size, int most);

// The sender's own id of an event, as it may be repeated: 1 to 128 printable ASCII characters.
bool IsEventId(const std::string& text);

// A longer text than the vault keeps, or an identifier without a value: the violations of an enrolment's person.
std::vector<core::Violation> CheckPerson(const intake::v1::ReportedPerson& person, const std::string& path);

// The person as the vault is asked for it: the learner, with the institution's own pupil number in front.
intake::v1::ReportedPerson PersonToResolve(const intake::v1::ReportedPerson& sent, const std::string& pupil_number,
                                           const std::string& institution_id);

// The enrolment a checked fact speaks of, apart from whose it is.
Enrolment EnrolmentOf(const EnrolmentFact& fact, const Fact& sent, Day today);

void SetViolations(const std::vector<core::Violation>& violations,
                   google::protobuf::RepeatedPtrField<errors::v1::Violation>* target);

}  // namespace tilts::case_intake
