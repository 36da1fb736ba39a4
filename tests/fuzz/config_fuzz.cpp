// A service's configuration: lines TILTS_NAME=value as the environment, then the file's JSON.
#include <google/protobuf/message.h>

#include "config/config.hpp"
#include "require.hpp"
#include "wire/bytes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  using fuzz::Require;
  std::string_view rest = fuzz::Input(data, size);
  config::Environment environment;
  while (rest.starts_with("TILTS_")) {
    const std::string_view line = fuzz::TakeLine(rest);
    const std::size_t equals = std::min(line.find('='), line.size());
    environment[std::string(line.substr(0, equals))] = line.substr(std::min(line.size(), equals + 1));
  }
  const core::Result<config::ServiceConfig> parsed = config::Parse(rest, environment);
  if (!parsed) {
    Require(parsed.error().code == core::Errc::kInvalid, "a fault of the file is called so");
    Require(!parsed.error().violations.empty(), "and named with its path");
    for (const core::Violation& violation : parsed.error().violations) {
      Require(!violation.code.empty() && !violation.message.empty(), "with a code and what to do");
    }
    return 0;
  }
  const core::Result<config::ServiceConfig> again = config::Parse(rest, environment);
  Require(again.has_value() && again->ByteSizeLong() == parsed->ByteSizeLong(),
          "the same text, the same configuration");
  Require(wire::CheckUtf8(*parsed).has_value(), "no text is broken");
  for (const std::string_view section : {"postgres", "kafka", "http"}) {
    const auto* field = config::ServiceConfig::descriptor()->FindFieldByName(std::string(section));
    Require(config::Require(*parsed, {section}).has_value() == parsed->GetReflection()->HasField(*parsed, field),
            "a section that is needed is there or missed");
  }
  return 0;
}
