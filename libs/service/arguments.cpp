#include "service/arguments.hpp"

#include <string_view>

#include "core/concat.hpp"

namespace tilts::service {

core::Result<Arguments> ParseArguments(int argc, const char* const* argv) {
  Arguments arguments;
  const auto wrong = [](std::string_view what) {
    return core::Fail(core::Errc::kInvalid, core::Concat(what), "ARGUMENTS");
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--config") {
      if (++i == argc) return wrong("--config needs a file");
      arguments.config_file = argv[i];
    } else if (word == "--check-config") {
      arguments.action = Arguments::Action::kCheckConfig;
    } else if (word == "--migrate") {
      arguments.action = Arguments::Action::kMigrate;
    } else if (word == "--help") {
      arguments.action = Arguments::Action::kHelp;
    } else {
      return wrong(core::Concat("unknown argument ", word));
    }
  }
  if (arguments.config_file.empty() && arguments.action != Arguments::Action::kHelp)
    return wrong("--config FILE is missing");
  return arguments;
}

}  // namespace tilts::service
