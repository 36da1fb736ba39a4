#pragma once

#include <cstdlib>
#include <string>

namespace tilts::testing {

// The tree whose data files a test reads: the one it was built from, or the copy named by TILTS_TREE (tests/howto tries
// changes of data on a copy without building anything). Only where TILTS_SOURCE_DIR is defined: in tests.
#ifdef TILTS_SOURCE_DIR
inline std::string SourceTree() {
  const char* copy = std::getenv("TILTS_TREE");
  return copy != nullptr ? copy : TILTS_SOURCE_DIR;
}
#endif

}  // namespace tilts::testing
