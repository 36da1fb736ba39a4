#pragma once

#include <tilts/cases/v1/events.pb.h>
#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/intake/v1/level_rules.pb.h>
#include <tilts/intake/v1/stored_report.pb.h>
#include <tilts/registry/v1/registry_service.pb.h>

#include <vector>

#include "case_intake/domain/case.hpp"
#include "case_intake/domain/report.hpp"

namespace tilts::case_intake {

// The domain's values as contracts and back. Codes go by number: a unit test holds both lists together.
cases::v1::CaseFacts ToProto(const CaseFacts& facts);
CaseFacts FromProto(const cases::v1::CaseFacts& facts);

void SetWarnings(const std::vector<Warning>& warnings, google::protobuf::RepeatedPtrField<intake::v1::Warning>* target);

// What is kept of a report. The warnings of `assessment` are what the reporter sees from now on.
intake::v1::StoredReport ToStored(const Report& report, const Assessment& assessment, core::CityTime now);
Report FromStored(const core::ReportId& id, const core::InstitutionId& reporter,
                  const intake::v1::StoredReport& stored);

Institution FromProto(const registry::v1::Institution& institution);

// kInvalid with violations when the file cannot be used.
core::Result<LevelRules> FromProto(const intake::v1::LevelRuleFile& file);

// The case without people, texts and reporters: lists, and the answers of moves.
intake::v1::Case Outline(const Case& current);

codes::v1::Purpose PurposeOf(Stream stream);

}  // namespace tilts::case_intake
