#include "indicator_aggregation/adapters/tables.hpp"

namespace tilts::indicator_aggregation {

std::string Tables::Sql(std::string_view sql) const {
  std::string text;
  while (true) {
    const auto open = sql.find('{');
    const auto close = open == std::string_view::npos ? open : sql.find('}', open);
    if (close == std::string_view::npos) return text + std::string(sql);
    text += sql.substr(0, open);
    text += Name(sql.substr(open + 1, close - open - 1));
    sql.remove_prefix(close + 1);
  }
}

}  // namespace tilts::indicator_aggregation
