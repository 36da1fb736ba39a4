#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace tilts::tiltsctl {

// The whole program but its streams: parses, connects, runs, complains. The exit code.
int RunCommandLine(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
                   std::ostream& out, std::ostream& err, bool progress);

}  // namespace tilts::tiltsctl
