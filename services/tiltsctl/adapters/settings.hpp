#pragma once

#include <tilts/config/v1/client.pb.h>

#include <map>
#include <string>

#include "core/result.hpp"

namespace tilts::tiltsctl {

// What the command line may override.
struct Overrides {
  std::string config_file;
  std::string key_file;
  std::string institution;
};

struct Settings {
  config::v1::ClientConfig config;
  std::string key;
};

// The file of --config or TILTS_CLIENT_CONFIG; TILTS_INSTITUTION; the key of --key-file, TILTS_KEY, TILTS_KEY_FILE or
// the file, in this order. Never a key on the command line: other users of the machine would see it.
core::Result<Settings> LoadSettings(const Overrides& overrides, const std::map<std::string, std::string>& environment);

core::Result<std::string> ReadWholeFile(const std::string& path);

}  // namespace tilts::tiltsctl
