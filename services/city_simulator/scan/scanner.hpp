#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace tilts::city_simulator {

// Looks for marks in everything that may be read by people and machines without a need to know. Thread-safe.
class Scanner {
 public:
  explicit Scanner(std::vector<std::string> marks) : marks_(std::move(marks)) {}

  struct Leak {
    std::string channel;  // "kafka", "log", "metric", "url", "webhook", "error"
    std::string where;    // topic and offset, file and line, …; never the text itself
  };

  void Look(std::string_view channel, std::string_view where, std::string_view text);
  // Line by line, so that the place can be named; a file that cannot be read is a leak of its own kind.
  void LookIntoFile(std::string_view channel, const std::string& path);

  std::vector<Leak> leaks() const;
  // How much was looked at, per channel: an empty channel was not scanned and proves nothing.
  std::map<std::string, std::uint64_t> looked_at() const;

 private:
  bool Marked(std::string_view text) const;

  const std::vector<std::string> marks_;
  mutable std::mutex mutex_;
  std::vector<Leak> leaks_;
  std::map<std::string, std::uint64_t> looked_at_;
};

}  // namespace tilts::city_simulator
