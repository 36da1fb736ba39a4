// Build step: exit 1 names every contract that breaks a rule of wire/contract_lint.hpp.
#include <cstdio>

#include "wire/contract_lint.hpp"

int main() {
  const auto files = tilts::wire::LinkedContracts();
  const auto faults = tilts::wire::LintContracts(files);
  for (const auto& fault : faults) {
    std::fprintf(stderr, "contract error: %s: %s: %s\n", fault.rule.c_str(), fault.where.c_str(),
                 fault.message.c_str());
  }
  if (files.empty()) std::fprintf(stderr, "contract error: no contract is linked in\n");
  return faults.empty() && !files.empty() ? 0 : 1;
}
