#include "indicator_aggregation/app/definition_file.hpp"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "wire/codes.hpp"
#include "wire/json.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr std::array<std::pair<std::string_view, Disaggregation>, 7> kDisaggregations{{
    {"", Disaggregation::kNone},
    {"institution-kind", Disaggregation::kInstitutionKind},
    {"specialist", Disaggregation::kSpecialist},
    {"reason", Disaggregation::kReason},
    {"specialist-reason", Disaggregation::kSpecialistReason},
    {"stage", Disaggregation::kStage},
    {"decision", Disaggregation::kDecision},
}};

constexpr std::array<std::pair<std::string_view, int>, 7> kMarks{{
    {"act", kMarkAct},
    {"answered-in-time", kMarkAnsweredInTime},
    {"answered-late", kMarkAnsweredLate},
    {"expired", kMarkExpired},
    {"re-routed", kMarkReRouted},
    {"last", kMarkLast},
    {"outcome-within-30-days", kMarkOutcomeIn30Days},
}};

core::Error Wrong(std::string field, std::string message) {
  return {core::Errc::kInvalid,
          "an indicator definition is not complete",
          "DEFINITIONS",
          {{std::move(field), "DEFINITION", std::move(message)}},
          0};
}

core::Error InFile(core::Error error, const std::string& name) {
  error.message = core::Concat("definitions/", name, ".json: ", error.message);
  return error;
}

// "INSTITUTION_KIND_STATE_POLICE" is named STATE_POLICE.
std::map<int, std::string> NamesOf(const google::protobuf::EnumDescriptor& codes, std::string_view prefix) {
  std::map<int, std::string> names;
  for (int i = 0; i < codes.value_count(); ++i) {
    names[codes.value(i)->number()] = codes.value(i)->name().substr(prefix.size());
  }
  return names;
}

CodeNames Names() {
  return {NamesOf(*codes::v1::InstitutionKind_descriptor(), "INSTITUTION_KIND_"),
          NamesOf(*codes::v1::Specialist_descriptor(), "SPECIALIST_"),
          NamesOf(*codes::v1::ConsultationReason_descriptor(), "CONSULTATION_REASON_"),
          NamesOf(*codes::v1::EducationStage_descriptor(), "EDUCATION_STAGE_"),
          NamesOf(*codes::v1::TierDecision_descriptor(), "TIER_DECISION_")};
}

core::Result<Filter> FilterOf(const std::string& at, const indicators::v1::Filter& file) {
  Filter filter{wire::CodesOf<int>(file.specialists()),
                wire::CodesOf<int>(file.reasons()),
                wire::CodesOf<int>(file.modes()),
                wire::CodesOf<int>(file.stages()),
                wire::CodesOf<int>(file.end_reasons()),
                wire::CodesOf<int>(file.institution_kinds()),
                wire::CodesOf<int>(file.referral_states()),
                wire::CodesOf<int>(file.reject_reasons()),
                static_cast<int>(std::min(file.grade_from(), 99U)),
                static_cast<int>(std::min(file.grade_to(), 99U)),
                0};
  for (const std::string& mark : file.marks()) {
    const auto* known =
        std::find_if(kMarks.begin(), kMarks.end(), [&](const auto& each) { return each.first == mark; });
    if (known == kMarks.end()) return core::Fail(Wrong(at + ".filter.marks", "use a mark that rows can have"));
    filter.marks |= known->second;
  }
  return filter;
}

core::Result<Part> PartOf(const std::string& at, const indicators::v1::Part& file) {
  Part part{wire::Code<RowKind>(file.rows()),
            wire::Code<Counting>(file.counting()),
            {},
            wire::Code<Interval>(file.interval())};
  TILTS_ASSIGN(part.filter, FilterOf(at, file.filter()));
  return part;
}

// What only readers see.
core::Status CheckWords(const std::string& at, const indicators::v1::Definition& file) {
  if (file.title_lv().empty() || file.title_en().empty()) return core::Fail(Wrong(at, "give titles in lv and en"));
  if (file.source().empty()) return core::Fail(Wrong(at + ".source", "name where the indicator is defined"));
  if (file.better() != "" && file.better() != "up" && file.better() != "down") {
    return core::Fail(Wrong(at + ".better", "use up, down or nothing"));
  }
  for (const indicators::v1::Target& target : file.targets()) {
    const std::string& sign = target.comparison();
    if (target.year() < 2000 || (sign != ">=" && sign != "<=" && sign != "<" && sign != ">")) {
      return core::Fail(Wrong(at + ".targets", "a target has a year and one of >= <= < >"));
    }
  }
  return {};
}

core::Result<Definition> DefinitionOf(const std::string& at, const indicators::v1::Definition& file) {
  TILTS_CHECK(CheckWords(at, file));
  const auto by = DisaggregationOf(file.disaggregation());
  if (!by) return core::Fail(Wrong(at + ".disaggregation", "use a disaggregation that the contract names"));
  Definition definition;
  definition.indicator_id = file.indicator_id();
  definition.version = static_cast<int>(std::min(file.version(), 1'000'000U));
  definition.unit = wire::Code<Unit>(file.unit());
  definition.disaggregation = *by;
  if (file.has_numerator()) {
    TILTS_ASSIGN(definition.numerator, PartOf(at + ".numerator", file.numerator()));
  }
  if (file.has_denominator()) {
    TILTS_ASSIGN(definition.denominator, PartOf(at + ".denominator", file.denominator()));
  }
  return definition;
}

}  // namespace

const indicators::v1::Definition* DefinitionBook::Contract(const std::string& indicator_id) const {
  const auto found = std::find_if(contracts.begin(), contracts.end(), [&](const indicators::v1::Definition& each) {
    return each.indicator_id() == indicator_id;
  });
  return found == contracts.end() ? nullptr : &*found;
}

std::optional<Disaggregation> DisaggregationOf(std::string_view word) {
  for (const auto& [name, value] : kDisaggregations) {
    if (name == word) return value;
  }
  return std::nullopt;
}

core::Result<DefinitionBook> ParseDefinitions(const std::vector<std::string>& texts) {
  DefinitionBook book;
  book.definitions.names = Names();
  std::string all;
  for (const std::string& text : texts) {
    indicators::v1::DefinitionFile file;
    TILTS_CHECK(wire::FromJson(text, file));
    if (file.version().empty()) return core::Fail(Wrong("version", "every definition file has a version"));
    if (book.version.find(file.version()) == std::string::npos) {
      book.version += (book.version.empty() ? "" : ",") + file.version();
    }
    for (const indicators::v1::Definition& each : file.definitions()) {
      const std::string at = core::Concat("definitions[", book.contracts.size(), "]");
      TILTS_ASSIGN(Definition definition, DefinitionOf(at, each));
      book.definitions.list.push_back(std::move(definition));
      book.contracts.push_back(each);
    }
    all += text;
    all += '\0';
  }
  if (book.contracts.empty()) return core::Fail(Wrong("definitions", "there is no indicator: set data_dir"));
  TILTS_CHECK(Validate(book.definitions));
  book.hash = core::Hex(core::Sha256(all));
  return book;
}

core::Result<std::vector<DataFile>> ReadDataFiles(const std::string& folder) {
  std::vector<DataFile> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    files.push_back({entry.path().stem().string(), text.str()});
  }
  if (error || files.empty()) {
    return core::Fail(core::Errc::kInvalid, "no data file can be read: set data_dir to the service's data folder",
                      "DATA_FILES");
  }
  std::sort(files.begin(), files.end(), [](const DataFile& a, const DataFile& b) { return a.name < b.name; });
  return files;
}

core::Result<DefinitionBook> ReadDefinitions(const std::string& data_dir) {
  TILTS_ASSIGN(const auto files, ReadDataFiles(data_dir + "/definitions"));
  std::vector<std::string> texts;
  for (const DataFile& file : files) {
    // Alone first: what is wrong with it is named by its file, and counted within it.
    if (auto alone = ParseDefinitions({file.text}); !alone) return core::Fail(InFile(alone.error(), file.name));
    texts.push_back(file.text);
  }
  return ParseDefinitions(texts);
}

}  // namespace tilts::indicator_aggregation
