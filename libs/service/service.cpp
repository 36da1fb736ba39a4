#include "service/service.hpp"

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

#include "config/config.hpp"
#include "core/concat.hpp"
#include "service/arguments.hpp"
#include "service/process.hpp"

namespace tilts::service {
namespace {

constexpr int kWrongConfiguration = 2;

void Say(std::FILE* where, std::string_view text) {
  std::fprintf(where, "%.*s\n", static_cast<int>(text.size()), text.data());
}

std::string Usage(const std::string& name) {
  return core::Concat("usage: tilts-", name,
                      " --config FILE [--check-config | --migrate]\n"
                      "  --config FILE    strict JSON; TILTS_<SECTION>__<KEY> variables override it\n"
                      "  --check-config   say what is wrong with it and leave\n"
                      "  --migrate        bring the schema up to date and leave");
}

// Data files are wrong in several places at once: all of them are said.
core::Status CheckData(const Definition& definition, const config::ServiceConfig& config) {
  core::Status checked = definition.check(config);
  if (checked) return checked;
  core::Error error = std::move(checked).error();
  for (const core::Violation& each : error.violations) {
    error.message += core::Concat("\n  ", each.field, ": ", each.code, ": ", each.message);
  }
  return core::Fail(std::move(error));
}

core::Result<config::ServiceConfig> Load(const Definition& definition, const Arguments& arguments) {
  TILTS_ASSIGN(auto config, config::LoadFile(arguments.config_file, config::ProcessEnvironment()));
  TILTS_CHECK(config::Require(config, definition.sections));
  if (definition.check) TILTS_CHECK(CheckData(definition, config));
  return config;
}

// Before any thread exists: every thread inherits the mask, so that only the main thread's sigwait sees them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

int RunChecked(const Definition& definition, int argc, char** argv) {
  const auto arguments = ParseArguments(argc, argv);
  if (!arguments) {
    Say(stderr, core::Concat(arguments.error().message, "\n", Usage(definition.name)));
    return kWrongConfiguration;
  }
  if (arguments->action == Arguments::Action::kHelp) {
    Say(stdout, Usage(definition.name));
    return 0;
  }
  const sigset_t signals = BlockStopSignals();
  const auto config = Load(definition, *arguments);
  if (!config) {
    Say(stderr, core::Concat(definition.name, ": ", config.error().message));
    return kWrongConfiguration;
  }
  if (arguments->action == Arguments::Action::kCheckConfig) {
    Say(stdout, core::Concat(definition.name, ": the configuration is right"));
    return 0;
  }
  Process process(definition, *config);
  return arguments->action == Arguments::Action::kMigrate ? process.Migrate() : process.Serve(signals);
}

}  // namespace

int Run(int argc, char** argv, Definition definition) {
  try {
    return RunChecked(definition, argc, argv);
  } catch (const std::exception& error) {  // main: the last place that may see one
    Say(stderr, core::Concat(definition.name, ": ended by an unexpected error of type ", typeid(error).name()));
    return 1;
  }
}

}  // namespace tilts::service
