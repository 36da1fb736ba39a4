#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace tilts::tiltsctl {

// "" -> {"status", "case", …, "--json"}, "referral accept" -> {"--unit-id", …}
using CompletionWords = std::map<std::string, std::vector<std::string>>;

void PrintBashCompletion(const CompletionWords& words, std::ostream& out);

}  // namespace tilts::tiltsctl
