#include "case_intake/adapters/case_writing.hpp"

#include "case_intake/adapters/case_store.hpp"

namespace tilts::case_intake {
namespace {

core::Status EmitAll(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion) {
  TILTS_ASSIGN(const std::vector<events::Draft> drafts, DraftsOf(decision, occasion));
  return unit.Emit(drafts);
}

}  // namespace

core::Status OpenCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion) {
  TILTS_CHECK(CaseStore(unit).Insert(decision.after));
  return EmitAll(unit, decision, occasion);
}

core::Status KeepCase(postgres::UnitOfWork& unit, const Decision& decision, const Occasion& occasion) {
  if (!decision.changed) return {};
  TILTS_CHECK(CaseStore(unit).Update(decision.after));
  return EmitAll(unit, decision, occasion);
}

}  // namespace tilts::case_intake
