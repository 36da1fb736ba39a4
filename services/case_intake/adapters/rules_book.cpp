#include "case_intake/adapters/rules_book.hpp"

#include <fstream>
#include <sstream>

#include "case_intake/app/contract.hpp"
#include "wire/json.hpp"

namespace tilts::case_intake {

core::Result<std::unique_ptr<RulesBook>> RulesBook::Load(const std::string& data_dir,
                                                         std::string fallback_coordinator_id) {
  std::ifstream stream(data_dir + "/levels.json");
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    return core::Fail(core::Errc::kInvalid,
                      "levels.json cannot be read in data_dir; point data_dir at the service's data", "LEVEL_RULES");
  }
  intake::v1::LevelRuleFile file;
  TILTS_CHECK(wire::FromJson(text.str(), file));
  Rules rules;
  TILTS_ASSIGN(rules.levels, FromProto(file));
  rules.fallback_coordinator_id = std::move(fallback_coordinator_id);
  return std::make_unique<RulesBook>(std::move(rules),
                                     file.emergency_instruction_lv() + "\n" + file.emergency_instruction_en());
}

RulesBook::RulesBook(Rules rules, std::string emergency_instruction)
    : rules_(std::make_shared<const Rules>(std::move(rules))),
      emergency_instruction_(std::move(emergency_instruction)) {}

std::shared_ptr<const Rules> RulesBook::Current() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

void RulesBook::UseInstitutions(Institutions institutions) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<Rules>(*rules_);
  next->institutions = std::move(institutions);
  rules_ = std::move(next);
}

}  // namespace tilts::case_intake
