#include "city_simulator/law/codes.hpp"

#include <fstream>

namespace tilts::city_simulator {

nlohmann::json Reading::File(const std::string& path) {
  std::ifstream file(path);
  auto content = nlohmann::json::parse(file, nullptr, false);
  if (content.is_discarded()) {
    Complain(path + " is missing or is not JSON");
    return nlohmann::json::object();
  }
  return content;
}

void Reading::KnowsOnly(const nlohmann::json& object, const std::set<std::string>& known, const std::string& where) {
  for (const auto& [key, value] : object.items()) {
    if (!known.contains(key)) Complain(where + ": the simulator does not understand \"" + key + "\"");
  }
}

int Reading::CodeNumber(const std::string& text, const google::protobuf::EnumDescriptor* list,
                        const std::string& where) {
  if (const auto* value = list->FindValueByName(text)) return value->number();
  // "STREAM_UNSPECIFIED" shows the prefix every code of the list carries.
  const std::string first = list->value(0)->name();
  const std::string prefix = first.substr(0, first.rfind("UNSPECIFIED"));
  if (const auto* value = list->FindValueByName(prefix + text)) return value->number();
  // Some lists are read by people: "unknown" says what UNSPECIFIED means.
  if (text == "UNKNOWN") return 0;
  Complain(where + ": " + text + " is no code of " + list->name());
  return 0;
}

}  // namespace tilts::city_simulator
