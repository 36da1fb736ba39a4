#pragma once

#include <memory>
#include <string>

#include "core/result.hpp"

namespace tilts::audit {

// The append-only file of checkpoints, outside the database. What Append returned is on the disk.
class WitnessFile {
 public:
  // Creates it when absent; cuts off a last line that was being written when the power went.
  static core::Result<std::unique_ptr<WitnessFile>> Open(const std::string& path);
  ~WitnessFile();
  WitnessFile(const WitnessFile&) = delete;
  WitnessFile& operator=(const WitnessFile&) = delete;

  core::Status Append(const std::string& lines);

 private:
  explicit WitnessFile(int descriptor) : descriptor_(descriptor) {}
  const int descriptor_;
};

}  // namespace tilts::audit
