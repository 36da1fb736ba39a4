#include "audit/adapters/witness_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>

#include "core/concat.hpp"

namespace tilts::audit {
namespace {

// Where the last complete line ends.
core::Result<off_t> EndOfLastLine(int descriptor) {
  off_t end = ::lseek(descriptor, 0, SEEK_END);
  for (; end > 0; --end) {
    char last = 0;
    if (::pread(descriptor, &last, 1, end - 1) != 1) return core::Fail(core::Errc::kUnavailable, "cannot be read");
    if (last == '\n') break;
  }
  return end;
}

}  // namespace

core::Result<std::unique_ptr<WitnessFile>> WitnessFile::Open(const std::string& path) {
  const auto broken = [&] {
    return core::Fail(core::Errc::kInvalid,
                      core::Concat("audit.witness_file: ", path, " cannot be opened for appending"), "WITNESS");
  };
  if (path.empty()) return broken();
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (descriptor < 0) return broken();
  std::unique_ptr<WitnessFile> file(new WitnessFile(descriptor));
  const auto end = EndOfLastLine(descriptor);
  if (!end || ::ftruncate(descriptor, *end) != 0) return broken();
  return file;
}

WitnessFile::~WitnessFile() {
  ::close(descriptor_);
}

core::Status WitnessFile::Append(const std::string& lines) {
  std::string_view rest = lines;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written <= 0) return core::Fail(core::Errc::kUnavailable, "the witness file cannot be written", "WITNESS");
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor_) != 0)
    return core::Fail(core::Errc::kUnavailable, "the witness file is not on the disk", "WITNESS");
  return {};
}

}  // namespace tilts::audit
