#include "tiltsctl/app/table.hpp"

#include <algorithm>

namespace tilts::tiltsctl {
namespace {

bool IsNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

std::size_t WidthOf(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char character) {
    return (static_cast<unsigned char>(character) & 0xC0) != 0x80;  // not a continuation byte of UTF-8
  }));
}

void Table::Print(std::ostream& out) const {
  std::vector<std::size_t> widths;
  for (const std::string& name : header_) widths.push_back(WidthOf(name));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
  }
  const auto print_row = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < header_.size(); ++i) {
      const std::string cell = i < row.size() && !row[i].empty() ? row[i] : "-";
      const std::string padding(std::max(widths[i], std::size_t{1}) - std::min(widths[i], WidthOf(cell)), ' ');
      line += IsNumber(cell) ? padding + cell : cell + padding;
      line += "  ";
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  };
  print_row(header_);
  for (const auto& row : rows_) print_row(row);
}

}  // namespace tilts::tiltsctl
