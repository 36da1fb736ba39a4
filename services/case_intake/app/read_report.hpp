#pragma once

#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/registry/v1/vault_service.pb.h>

#include <string>
#include <vector>

#include "case_intake/domain/report.hpp"

namespace tilts::case_intake {

// A report taken apart: codes for the decision, people for the vault, text for the seal.
struct ReadReport {
  Report report;
  std::vector<intake::v1::ReportedPerson> people;  // same order as report.people; identifiers cleaned
  std::string text;
};

// Refuses only what cannot be a report at all: no usable request id, or too large. kInvalid with a violation each.
core::Status CheckReport(const intake::v1::ReportConcernRequest& request);
core::Status CheckCompletion(const intake::v1::CompleteReportRequest& request);
// 1 to 64 of [A-Za-z0-9._-].
core::Status CheckRequestId(const std::string& request_id);

// Unknown codes and unusable values are left out with a warning.
ReadReport Read(const intake::v1::ReportConcernRequest& request, const core::ReportId& id,
                const core::InstitutionId& reporter);

// What a completion adds, put into the report as it stands. People of a role that is sent again replace those of that
// role that were not identified; the others stay. `held` are the people of a report that waits for the vault, in the
// report's order; empty otherwise. `people` of the result are those the vault has not seen, in the order in which they
// stand at the end of report.people.
ReadReport ReadCompletion(const intake::v1::CompleteReportRequest& request, Report report,
                          std::vector<intake::v1::ReportedPerson> held);

// What the vault said about the people, in their order, put into the last people of the report.
void Absorb(const google::protobuf::RepeatedPtrField<registry::v1::ResolvedPerson>& resolved, Report& report);

}  // namespace tilts::case_intake
