#pragma once

#include <string>

#include "tiltsctl/app/session.hpp"

namespace tilts::tiltsctl {

struct RebuildOptions {
  std::string what;  // "risk" or "indicators"
  bool apply = false;
};

// Replays the log beside the live state and compares; with `apply` the replayed state is put in its place. Shows how
// far it is until it is done. kRefused when something differed (and was not applied), or the rebuild failed.
core::Result<int> Rebuild(Session& session, const RebuildOptions& options);

}  // namespace tilts::tiltsctl
