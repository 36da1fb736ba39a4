#pragma once

#include <tilts/indicators/v1/indicator_service.pb.h>

#include <functional>
#include <string>
#include <vector>

#include "indicator_aggregation/app/definition_file.hpp"
#include "indicator_aggregation/domain/tally.hpp"

namespace tilts::indicator_aggregation {

struct StoredValue {
  Cell cell;
  Numbers numbers;
  bool frozen = false;
  bool late_facts = false;  // frozen, and other numbers would be counted now
};

// Which cells a reader may see, and whose small ones too.
struct Reader {
  std::string institution_id;  // sees its own cells whole
  std::function<bool(const std::string& institution_id, const std::string& municipality)> may_see;
};

// What a reader is shown of one indicator: the computed values with the official ones beside them, in the order of
// year, municipality, institution and category. Suppression looks at all `values`, also at those not shown.
std::vector<indicators::v1::Value> TableFor(const Reader& reader, const Definition& definition,
                                            const std::vector<StoredValue>& values,
                                            const std::vector<indicators::v1::OfficialFigure>& official,
                                            std::int64_t smallest_cell);

// RFC 4180 with a header line.
std::string ToCsv(const std::vector<indicators::v1::Value>& values);

}  // namespace tilts::indicator_aggregation
