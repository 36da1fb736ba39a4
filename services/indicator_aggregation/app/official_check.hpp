#pragma once

#include <tilts/indicators/v1/definition.pb.h>

#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/app/definition_file.hpp"

namespace tilts::indicator_aggregation {

// Every figure names a known indicator and category, a school year ("2022/23") or calendar year ("2022"), a
// municipality, a source and a number of 0 or more. Violations name "figures[2].category".
core::Status CheckFigures(const DefinitionBook& book, const std::vector<indicators::v1::OfficialFigure>& figures);

// Strict JSON of tilts.indicators.v1.OfficialFigureFile, checked whole.
core::Result<indicators::v1::OfficialFigureFile> ParseOfficialFile(const DefinitionBook& book, const std::string& text);

}  // namespace tilts::indicator_aggregation
