#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace tilts::tiltsctl {

// Columns as wide as their widest cell; numbers to the right; "-" for an empty cell.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  void Print(std::ostream& out) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
};

// Characters, not bytes.
std::size_t WidthOf(const std::string& text);

}  // namespace tilts::tiltsctl
