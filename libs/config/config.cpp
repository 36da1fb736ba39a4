#include "config/config.hpp"

#include <absl/strings/ascii.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "config/bounds.hpp"
#include "config/field_text.hpp"
#include "core/concat.hpp"
#include "wire/bytes.hpp"
#include "wire/json.hpp"

namespace tilts::config {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kPrefix = "TILTS_";

core::Status Refuse(std::vector<core::Violation> violations) {
  std::vector<std::string> lines;
  for (const auto& violation : violations) lines.push_back(core::Concat(violation.field, ": ", violation.message));
  core::Error error{core::Errc::kInvalid, core::Concat("the configuration is wrong: ", absl::StrJoin(lines, "; ")),
                    "CONFIG", std::move(violations), 0};
  return core::Fail(std::move(error));
}

// Walks TILTS_A__B__C into the message. An error says what is wrong with the variable.
core::Status Override(Message& config, std::string_view name, const std::string& value) {
  const std::vector<std::string> parts = absl::StrSplit(absl::AsciiStrToLower(std::string(name)), "__");
  Message* at = &config;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (field == nullptr) return core::Fail(core::Errc::kInvalid, "no such key", "UNKNOWN_FIELD");
    const bool last = i + 1 == parts.size();
    if (field->is_map() && i + 2 == parts.size()) {
      SetMapEntry(*at, *field, absl::StrReplaceAll(parts[i + 1], {{"_", "-"}}), value);
      return {};
    }
    if (last) return SetFromText(*at, *field, value);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_repeated()) {
      return core::Fail(core::Errc::kInvalid, "no such key", "UNKNOWN_FIELD");
    }
    at = at->GetReflection()->MutableMessage(at, field);
  }
  return {};
}

void ApplyOverrides(ServiceConfig& config, const Environment& overrides, std::vector<core::Violation>& violations) {
  for (const auto& [name, value] : overrides) {
    if (!name.starts_with(kPrefix)) continue;
    const std::string_view rest = std::string_view(name).substr(kPrefix.size());
    // TILTS_HOME and the like belong to scripts; only a top-level value may stand without "__".
    if (rest.find("__") == std::string_view::npos &&
        ServiceConfig::descriptor()->FindFieldByName(absl::AsciiStrToLower(std::string(rest))) == nullptr) {
      continue;
    }
    if (auto set = Override(config, rest, value); !set)
      violations.push_back({name, set.error().reason, set.error().message});
  }
}

}  // namespace

Environment ProcessEnvironment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(*entry, absl::MaxSplits('=', 1));
    if (pair.first.starts_with(kPrefix)) environment.insert(pair);
  }
  return environment;
}

core::Result<ServiceConfig> Parse(std::string_view json, const Environment& overrides) {
  ServiceConfig config;
  if (auto read = wire::FromJson(json, config); !read) {
    if (read.error().violations.empty()) return tl::make_unexpected(std::move(read).error());
    return tl::make_unexpected(Refuse(std::move(read.error().violations)).error());
  }
  std::vector<core::Violation> violations = FindSecrets(config);
  ApplyOverrides(config, overrides, violations);
  // The file is UTF-8 by now; a variable may be any bytes.
  if (auto text = wire::CheckUtf8(config); !text) {
    violations.insert(violations.end(), text.error().violations.begin(), text.error().violations.end());
  }
  std::vector<core::Violation> bounds = FillAndCheck(config);
  violations.insert(violations.end(), std::make_move_iterator(bounds.begin()), std::make_move_iterator(bounds.end()));
  if (!violations.empty()) return tl::make_unexpected(Refuse(std::move(violations)).error());
  return config;
}

core::Result<ServiceConfig> LoadFile(const std::string& path, const Environment& overrides) {
  std::ifstream file(path);
  if (!file)
    return core::Fail(core::Errc::kInvalid, core::Concat("cannot read the configuration file ", path), "CONFIG");
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  return Parse(json, overrides);
}

core::Status Require(const ServiceConfig& config, const std::vector<std::string_view>& sections) {
  std::vector<core::Violation> missing;
  for (const std::string_view section : sections) {
    const FieldDescriptor* field = ServiceConfig::descriptor()->FindFieldByName(std::string(section));
    if (field == nullptr) return core::Fail(core::Errc::kInternal, core::Concat("no section is called ", section));
    if (!config.GetReflection()->HasField(config, field)) {
      missing.push_back({std::string(section), "REQUIRED", "this service needs the section"});
    }
  }
  if (missing.empty()) return {};
  return Refuse(std::move(missing));
}

core::Result<std::string> Secret(std::string_view what, const std::string& direct, const std::string& file) {
  if (!direct.empty() || file.empty()) return direct;
  std::ifstream stream(file);
  std::string line;
  if (!stream || !std::getline(stream, line)) {
    return core::Fail(core::Errc::kInvalid, core::Concat("cannot read the file of ", what, ": ", file), "SECRET_FILE");
  }
  return std::string(absl::StripTrailingAsciiWhitespace(line));
}

core::Result<std::string> Peer(const ServiceConfig& config, const std::string& service) {
  const auto entry = config.peers().find(service);
  if (entry != config.peers().end() && !entry->second.empty()) return entry->second;
  return core::Fail(core::Errc::kInvalid, core::Concat("set peers.", service, " to the host:port of that service"),
                    "CONFIG");
}

std::chrono::microseconds ToChrono(const google::protobuf::Duration& duration) {
  return std::chrono::seconds(duration.seconds()) + std::chrono::microseconds(duration.nanos() / 1000);
}

}  // namespace tilts::config
