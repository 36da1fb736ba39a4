#include "city_simulator/scan/scanner.hpp"

#include <algorithm>
#include <fstream>

namespace tilts::city_simulator {

bool Scanner::Marked(std::string_view text) const {
  return std::any_of(marks_.begin(), marks_.end(),
                     [&](const std::string& mark) { return text.find(mark) != std::string_view::npos; });
}

void Scanner::Look(std::string_view channel, std::string_view where, std::string_view text) {
  const bool marked = Marked(text);
  const std::lock_guard lock(mutex_);
  ++looked_at_[std::string(channel)];
  if (marked) leaks_.push_back({std::string(channel), std::string(where)});
}

void Scanner::LookIntoFile(std::string_view channel, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const std::lock_guard lock(mutex_);
    leaks_.push_back({std::string(channel), path + " could not be read"});
    return;
  }
  std::string line;
  for (std::uint64_t number = 1; std::getline(file, line); ++number)
    Look(channel, path + ":" + std::to_string(number), line);
}

std::vector<Scanner::Leak> Scanner::leaks() const {
  const std::lock_guard lock(mutex_);
  return leaks_;
}

std::map<std::string, std::uint64_t> Scanner::looked_at() const {
  const std::lock_guard lock(mutex_);
  return looked_at_;
}

}  // namespace tilts::city_simulator
