#pragma once

#include <tilts/intake/v1/intake_service.pb.h>

#include <string>
#include <vector>

#include "case_intake/domain/report.hpp"

namespace tilts::case_intake {

// One person of a report: `field` is its path, `cleaned` becomes what the vault is asked with.
Person ReadPerson(const intake::v1::ReportedPerson& sent, const std::string& field, const core::InstitutionId& reporter,
                  intake::v1::ReportedPerson& cleaned, std::vector<Warning>& warnings);

// "riga-school-001": a stable code of the registry, not a text.
bool IsInstitutionCode(std::string_view text);

}  // namespace tilts::case_intake
