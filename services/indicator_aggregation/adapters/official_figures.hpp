#pragma once

#include <tilts/indicators/v1/definition.pb.h>

#include <optional>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::indicator_aggregation {

struct Imported {
  std::uint32_t added = 0;
  std::uint32_t restated = 0;
};

// official_figure and its history.
class OfficialFigures {
 public:
  // A figure that is there with another value is restated: the one before goes to the history with who replaced it. The
  // same value again changes nothing.
  static core::Result<Imported> Put(postgres::UnitOfWork& unit,
                                    const std::vector<indicators::v1::OfficialFigure>& figures,
                                    const std::string& replaced_by, std::optional<core::CityTime> at);
  // `indicator_id` and `school_year` empty: all.
  static core::Result<std::vector<indicators::v1::OfficialFigure>> List(postgres::UnitOfWork& unit,
                                                                        const std::string& indicator_id,
                                                                        const std::string& school_year);
  // Each version of each file once.
  static core::Status LoadFiles(postgres::UnitOfWork& unit, const DefinitionBook& book,
                                const std::vector<DataFile>& files);
};

}  // namespace tilts::indicator_aggregation
