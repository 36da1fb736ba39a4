#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "case_intake/domain/rules.hpp"
#include "core/result.hpp"

namespace tilts::case_intake {

// The rules in force. The institutions are replaced as the registry changes; readers keep the set they began with.
class RulesBook {
 public:
  // Reads data/levels.json of `data_dir`. kInvalid names what is wrong with it.
  static core::Result<std::unique_ptr<RulesBook>> Load(const std::string& data_dir,
                                                       std::string fallback_coordinator_id);
  RulesBook(Rules rules, std::string emergency_instruction);

  std::shared_ptr<const Rules> Current() const;
  void UseInstitutions(Institutions institutions);
  // Latvian, then English.
  const std::string& emergency_instruction() const { return emergency_instruction_; }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Rules> rules_;
  const std::string emergency_instruction_;
};

}  // namespace tilts::case_intake
