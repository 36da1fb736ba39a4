#pragma once

#include <tilts/indicators/v1/definition.pb.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/domain/definition.hpp"

namespace tilts::indicator_aggregation {

// The indicators of the data folder, as rules to count by and as the contract shows them.
struct DefinitionBook {
  Definitions definitions;
  std::vector<indicators::v1::Definition> contracts;  // same order
  std::string version;
  std::string hash;  // SHA-256 of the files, hex

  const indicators::v1::Definition* Contract(const std::string& indicator_id) const;
};

// Strict JSON of tilts.indicators.v1.DefinitionFile, one text per file, checked together.
core::Result<DefinitionBook> ParseDefinitions(const std::vector<std::string>& texts);
// Every definitions/*.json of the service's data folder.
core::Result<DefinitionBook> ReadDefinitions(const std::string& data_dir);

// Every *.json below `folder`, by name.
struct DataFile {
  std::string name;
  std::string text;
};
core::Result<std::vector<DataFile>> ReadDataFiles(const std::string& folder);

// "" for none, "specialist-reason" and so on; nothing for another word.
std::optional<Disaggregation> DisaggregationOf(std::string_view word);

}  // namespace tilts::indicator_aggregation
