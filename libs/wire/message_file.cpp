#include "wire/message_file.hpp"

#include <fcntl.h>
#include <google/protobuf/message.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "core/sha256.hpp"
#include "wire/bytes.hpp"

namespace tilts::wire {
namespace {

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

std::string Checksum(std::string_view bytes) {
  const core::Sha256Digest digest = core::Sha256(bytes);
  return {digest.begin(), digest.end()};
}

}  // namespace

core::Status WriteMessageFile(const std::string& path, const google::protobuf::Message& message) {
  TILTS_ASSIGN(const std::string bytes, Serialize(message));
  const std::string fresh = path + ".new";
  bool written = false;
  {
    const File file(fresh, O_WRONLY | O_CREAT | O_TRUNC);
    written = file.Write(Checksum(bytes)) && file.Write(bytes) && file.Sync();
  }
  written = written && std::rename(fresh.c_str(), path.c_str()) == 0;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  written = written && File(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY).Sync();
  if (!written) {
    return core::Fail(core::Errc::kUnavailable, "The cache file could not be written: check disk and rights.",
                      "CACHE_WRITE");
  }
  return {};
}

bool ReadMessageFile(const std::string& path, google::protobuf::Message& message) {
  if (path.empty()) return false;
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  const std::string all(std::istreambuf_iterator<char>(file), {});
  const std::size_t checksum_bytes = core::Sha256Digest().size();
  if (all.size() < checksum_bytes) return false;
  const std::string_view bytes = std::string_view(all).substr(checksum_bytes);
  if (Checksum(bytes) != std::string_view(all).substr(0, checksum_bytes)) return false;
  const std::unique_ptr<google::protobuf::Message> read(message.New());
  if (!Parse(bytes, *read)) return false;
  message.CopyFrom(*read);
  return true;
}

}  // namespace tilts::wire
