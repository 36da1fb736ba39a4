#include "auth/snapshot_cache.hpp"

#include <tilts/registry/v1/registry_service.pb.h>

#include "wire/message_file.hpp"

namespace tilts::auth {

core::Status WriteSnapshotCache(const std::string& path, const registry::v1::GetGrantSnapshotResponse& snapshot) {
  return wire::WriteMessageFile(path, snapshot);
}

std::optional<registry::v1::GetGrantSnapshotResponse> ReadSnapshotCache(const std::string& path) {
  registry::v1::GetGrantSnapshotResponse snapshot;
  if (!wire::ReadMessageFile(path, snapshot)) return std::nullopt;
  return snapshot;
}

}  // namespace tilts::auth
