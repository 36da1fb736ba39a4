#include "auth/snapshot_cache.hpp"

#include <fcntl.h>
#include <tilts/registry/v1/registry_service.pb.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "crypto/hash.hpp"
#include "wire/bytes.hpp"

namespace tilts::auth {
namespace {

constexpr std::size_t kChecksumBytes = 32;

class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool Write(std::string_view bytes) const {
    while (descriptor_ >= 0 && !bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return descriptor_ >= 0;
  }
  bool Sync() const { return descriptor_ >= 0 && ::fsync(descriptor_) == 0; }

 private:
  int descriptor_;
};

}  // namespace

core::Status WriteSnapshotCache(const std::string& path, const registry::v1::GetGrantSnapshotResponse& snapshot) {
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(snapshot));
  const std::string fresh = path + ".new";
  bool written = false;
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    written = file.Write(crypto::Sha256(bytes)) && file.Write(bytes) && file.Sync();
  }
  written = written && std::rename(fresh.c_str(), path.c_str()) == 0;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  written = written && File(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY).Sync();
  if (!written) {
    return core::Fail(core::Errc::kUnavailable, "The grant cache could not be written: check disk and rights.",
                      "CACHE_WRITE");
  }
  return {};
}

std::optional<registry::v1::GetGrantSnapshotResponse> ReadSnapshotCache(const std::string& path) {
  if (path.empty()) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  const std::string all(std::istreambuf_iterator<char>(file), {});
  if (all.size() < kChecksumBytes) return std::nullopt;
  const std::string_view bytes = std::string_view(all).substr(kChecksumBytes);
  if (!crypto::ConstantTimeEqual(crypto::Sha256(bytes), std::string_view(all).substr(0, kChecksumBytes))) {
    return std::nullopt;
  }
  registry::v1::GetGrantSnapshotResponse snapshot;
  if (!wire::Parse(bytes, snapshot)) return std::nullopt;
  return snapshot;
}

}  // namespace tilts::auth
