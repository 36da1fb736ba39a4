#pragma once

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace tilts::city_simulator {

// What was read of a data file, or why it was not understood. A file the simulator does not understand ends the run: a
// condition it overlooked would make it expect the wrong things.
class Reading {
 public:
  void Complain(const std::string& what) { complaints_.push_back(what); }
  const std::vector<std::string>& complaints() const { return complaints_; }

  // A JSON file, or an empty value and a complaint.
  nlohmann::json File(const std::string& path);
  // Complains about keys that are not among the known ones.
  void KnowsOnly(const nlohmann::json& object, const std::set<std::string>& known, const std::string& where);

  // A code by its name in the contracts, with or without the prefix of its list.
  template <typename Enum>
  Enum Code(const std::string& text, const google::protobuf::EnumDescriptor* list, const std::string& where) {
    return static_cast<Enum>(CodeNumber(text, list, where));
  }
  template <typename Enum>
  std::set<Enum> Codes(const nlohmann::json& object, const char* key, const google::protobuf::EnumDescriptor* list,
                       const std::string& where) {
    std::set<Enum> codes;
    if (!object.contains(key)) return codes;
    const nlohmann::json& values = object.at(key);
    for (const auto& value : values.is_array() ? values : nlohmann::json::array({values})) {
      codes.insert(Code<Enum>(value.get<std::string>(), list, where));
    }
    return codes;
  }

 private:
  int CodeNumber(const std::string& text, const google::protobuf::EnumDescriptor* list, const std::string& where);

  std::vector<std::string> complaints_;
};

}  // namespace tilts::city_simulator
