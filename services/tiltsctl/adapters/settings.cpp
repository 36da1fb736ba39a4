#include "tiltsctl/adapters/settings.hpp"

#include <fstream>
#include <iterator>

#include "config/config.hpp"
#include "core/concat.hpp"
#include "wire/json.hpp"
#include "wire/time.hpp"

namespace tilts::tiltsctl {
namespace {

constexpr std::chrono::seconds kDefaultTimeout{10};

std::string Value(const std::map<std::string, std::string>& environment, const std::string& name) {
  const auto entry = environment.find(name);
  return entry == environment.end() ? std::string() : entry->second;
}

std::string FirstSet(std::initializer_list<std::string> candidates) {
  for (const std::string& candidate : candidates) {
    if (!candidate.empty()) return candidate;
  }
  return {};
}

}  // namespace

core::Result<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return core::Fail(core::Errc::kInvalid, core::Concat("cannot read ", path), "FILE");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

core::Result<Settings> LoadSettings(const Overrides& overrides, const std::map<std::string, std::string>& environment) {
  Settings settings;
  const std::string file = FirstSet({overrides.config_file, Value(environment, "TILTS_CLIENT_CONFIG")});
  if (file.empty()) {
    return core::Fail(core::Errc::kInvalid, "name the client configuration with --config or TILTS_CLIENT_CONFIG",
                      "CONFIG");
  }
  TILTS_ASSIGN(const std::string json, ReadWholeFile(file));
  TILTS_CHECK(wire::FromJson(json, settings.config));
  if (!settings.config.has_timeout()) *settings.config.mutable_timeout() = wire::ToDuration(kDefaultTimeout);
  const std::string institution = FirstSet({overrides.institution, Value(environment, "TILTS_INSTITUTION")});
  if (!institution.empty()) settings.config.set_institution(institution);
  const std::string key = overrides.key_file.empty() ? Value(environment, "TILTS_KEY") : std::string();
  const std::string key_file =
      FirstSet({overrides.key_file, Value(environment, "TILTS_KEY_FILE"), settings.config.key_file()});
  TILTS_ASSIGN(settings.key, config::Secret("the API key", key, key_file));
  return settings;
}

}  // namespace tilts::tiltsctl
