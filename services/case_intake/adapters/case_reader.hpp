#pragma once

#include <tilts/intake/v1/intake_service.pb.h>

#include <string>
#include <vector>

#include "case_intake/adapters/office.hpp"
#include "case_intake/adapters/report_store.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::case_intake {

// Everything on file of one case, still sealed.
struct CaseMaterial {
  Case current;
  std::vector<ReportRow> reports;
  std::vector<NoteRow> notes;
  std::vector<HeldRow> held;
  bool other_file_exists = false;
};

core::Result<CaseMaterial> LoadMaterial(postgres::UnitOfWork& unit, Case current);

// The whole case with names and texts, for `reader` who may see it. Reporters never appear. What cannot be opened
// (the vault is down, the person was erased) is left out and said in the notices.
core::Result<intake::v1::Case> ShowCase(const Office& office, const CaseMaterial& material,
                                        const core::InstitutionId& reader, const VaultCall& call);

}  // namespace tilts::case_intake
