#include "referral_routing/app/routing_data.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "referral_routing/app/rule_files.hpp"
#include "referral_routing/domain/rule_check.hpp"
#include "wire/json.hpp"

namespace tilts::referral_routing {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

// File name below the data folder to its text, in order.
using Files = std::map<std::string, std::string>;

Result<Files> ReadFolder(const std::string& folder, const std::string& kind) {
  std::error_code failed;
  Files files;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "/" + kind, failed)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    files[core::Concat(kind, "/", entry.path().filename().string())] = text.str();
  }
  if (failed || files.empty()) {
    return Fail(Errc::kInvalid, core::Concat("put the data files of ", kind, " below data_dir"), "DATA_MISSING");
  }
  return files;
}

// Faults of a file are named by it.
core::Error InFile(core::Error error, const std::string& name) {
  error.message = core::Concat(name, ": ", error.message);
  for (core::Violation& violation : error.violations) violation.field = core::Concat(name, ":", violation.field);
  return error;
}

template <typename Message, typename Convert>
core::Status ForEach(const Files& files, Convert convert) {
  for (const auto& [name, text] : files) {
    Message message;
    if (auto read = wire::FromJson(text, message); !read) return Fail(InFile(read.error(), name));
    if (auto taken = convert(message); !taken) return Fail(InFile(taken.error(), name));
    const std::string stem = std::filesystem::path(name).stem().string();
    if (message.id() != stem) {
      return Fail(Errc::kInvalid, core::Concat(name, ": the id must be the file's name"), "ID_DIFFERS");
    }
  }
  return {};
}

std::set<InstitutionKind> KnownKinds() {
  std::set<InstitutionKind> kinds;
  const auto* descriptor = codes::v1::InstitutionKind_descriptor();
  for (int i = 0; i < descriptor->value_count(); ++i) {
    const int number = descriptor->value(i)->number();
    if (number != 0) kinds.insert(static_cast<InstitutionKind>(number));
  }
  return kinds;
}

std::string HashOf(const std::vector<const Files*>& all) {
  std::string text;
  for (const Files* files : all) {
    for (const auto& [name, content] : *files) text += core::Concat(name, "\n", content.size(), "\n", content);
  }
  return core::Hex(core::Sha256(text));
}

core::Status ReadPolicies(const Files& ladders, const Files& policies, PolicySet& set) {
  TILTS_CHECK(ForEach<referrals::v1::LadderFile>(ladders, [&](const auto& file) -> core::Status {
    TILTS_ASSIGN(set.ladders[file.id()], LadderOf(file));
    return {};
  }));
  return ForEach<referrals::v1::PolicyFile>(policies, [&](const auto& file) -> core::Status {
    TILTS_ASSIGN(set.policies[file.id()], PolicyOf(file));
    return {};
  });
}

}  // namespace

Result<RoutingData> ReadRoutingData(const std::string& folder) {
  TILTS_ASSIGN(const Files ladders, ReadFolder(folder, "ladders"));
  TILTS_ASSIGN(const Files policies, ReadFolder(folder, "policies"));
  TILTS_ASSIGN(const Files rules, ReadFolder(folder, "rules"));
  RoutingData data;
  TILTS_CHECK(ReadPolicies(ladders, policies, data.policies));
  std::vector<Rule> read;
  unsigned newest = 0;
  TILTS_CHECK(ForEach<referrals::v1::RuleFile>(rules, [&](const auto& file) -> core::Status {
    TILTS_ASSIGN(Rule rule, RuleOf(file));
    newest = std::max(newest, rule.version);
    read.push_back(std::move(rule));
    return {};
  }));
  data.rules = RuleSet(core::Concat(read.size(), ".", newest), std::move(read));
  TILTS_CHECK(CheckPolicies(data.policies));
  TILTS_CHECK(CheckRules(data.rules, data.policies, KnownKinds()));
  data.hash = HashOf({&ladders, &policies, &rules});
  return data;
}

}  // namespace tilts::referral_routing
