#pragma once

#include <string>
#include <vector>

namespace tilts::gateway {

// A request's path, split and decoded. The last segment may end in a verb ("…/r1:accept"), which only
// a route with that verb may take apart: ids may hold a colon too.
struct RequestPath {
  std::vector<std::string> segments;  // decoded; the last one whole
  std::string stem;                   // the last one without its verb
  std::string verb;                   // what follows the last unescaped colon; empty: none
};

}  // namespace tilts::gateway
