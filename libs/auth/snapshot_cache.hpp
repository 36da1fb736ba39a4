#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"

namespace tilts::registry::v1 {
class GetGrantSnapshotResponse;
}

namespace tilts::auth {

// The snapshot on disk, with a checksum: replaced as a whole (write, sync, rename), readable by the
// owner only. A torn, altered or missing file reads as nothing.
core::Status WriteSnapshotCache(const std::string& path, const registry::v1::GetGrantSnapshotResponse& snapshot);
std::optional<registry::v1::GetGrantSnapshotResponse> ReadSnapshotCache(const std::string& path);

}  // namespace tilts::auth
