#include <absl/strings/str_cat.h>
#include <tilts/options/v1/options.pb.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "wire/json_syntax.hpp"
#include "wire/projection.hpp"
#include "wire/views_data.hpp"

namespace tilts::wire {
namespace {

using nlohmann::json;

tl::unexpected<core::Error> Refuse(std::string message) {
  return core::Fail(core::Errc::kInvalid, absl::StrCat("View policy: ", message), "VIEW_POLICY");
}

core::Status OnlyKeys(const json& object, const std::string& where, std::initializer_list<std::string_view> allowed) {
  if (!object.is_object()) return Refuse(absl::StrCat(where, " must be an object."));
  for (const auto& [key, value] : object.items()) {
    bool known = false;
    for (const std::string_view name : allowed) known = known || name == key;
    if (!known) return Refuse(absl::StrCat(where, " has the unknown key '", key, "'."));
  }
  return {};
}

core::Result<std::bitset<64>> ReadClasses(const json& view, const std::string& name) {
  std::bitset<64> classes;
  for (const json& item : view.value("classes", json::array())) {
    const std::string text = item.is_string() ? item.get<std::string>() : "";
    options::v1::DataClass value{};
    if (!options::v1::DataClass_Parse(absl::StrCat("DATA_CLASS_", text), &value) || value == 0) {
      return Refuse(absl::StrCat("view ", name, " names the unknown class '", text, "'."));
    }
    if (classes.test(static_cast<std::size_t>(value))) {
      return Refuse(absl::StrCat("view ", name, " names ", text, " twice."));
    }
    classes.set(static_cast<std::size_t>(value));
  }
  return classes;
}

}  // namespace

core::Result<ViewPolicy> ViewPolicy::FromJsonText(std::string_view text) {
  TILTS_ASSIGN(const json tree, ParseStrictJson(text));
  TILTS_CHECK(OnlyKeys(tree, "the file", {"version", "views"}));
  ViewPolicy policy;
  if (!tree.contains("version") || !tree["version"].is_string() || tree["version"].get<std::string>().empty()) {
    return Refuse("it needs a version.");
  }
  policy.version_ = tree["version"].get<std::string>();
  if (!tree.contains("views") || !tree["views"].is_object() || tree["views"].empty()) return Refuse("it needs views.");
  for (const auto& [name, body] : tree["views"].items()) {
    TILTS_CHECK(OnlyKeys(body, absl::StrCat("view ", name), {"why", "classes"}));
    if (!body.contains("why") || !body["why"].is_string() || body["why"].get<std::string>().empty()) {
      return Refuse(absl::StrCat("view ", name, " must say why it shows what it shows."));
    }
    if (!body.contains("classes") || !body["classes"].is_array()) {
      return Refuse(absl::StrCat("view ", name, " needs a list of classes."));
    }
    View view;
    view.name_ = name;
    TILTS_ASSIGN(view.classes_, ReadClasses(body, name));
    policy.views_.emplace(name, std::move(view));
  }
  return policy;
}

core::Result<ViewPolicy> ViewPolicy::FromFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Refuse(absl::StrCat("cannot read ", path, "."));
  return FromJsonText(std::string(std::istreambuf_iterator<char>(file), {}));
}

const ViewPolicy& ViewPolicy::BuiltIn() {
  static const ViewPolicy policy = [] {
    auto parsed = FromJsonText(kViewsJson);
    // The file is checked by a unit test of this very build; a broken one must not show anything.
    if (!parsed) std::abort();
    return std::move(*parsed);
  }();
  return policy;
}

core::Result<View> ViewPolicy::Find(std::string_view name) const {
  const auto found = views_.find(name);
  if (found == views_.end()) {
    return core::Fail(core::Errc::kInternal,
                      absl::StrCat("There is no view ", std::string(name), " in policy ", version_, "."),
                      "VIEW_UNKNOWN");
  }
  return found->second;
}

}  // namespace tilts::wire
