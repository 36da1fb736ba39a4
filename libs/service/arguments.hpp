#pragma once

#include <string>

#include "core/result.hpp"

namespace tilts::service {

struct Arguments {
  enum class Action { kServe, kCheckConfig, kMigrate, kHelp };
  Action action = Action::kServe;
  std::string config_file;
};

core::Result<Arguments> ParseArguments(int argc, const char* const* argv);

}  // namespace tilts::service
