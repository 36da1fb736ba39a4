#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "city_simulator/api/api.hpp"

namespace tilts::city_simulator {

// A private run as scripts/servers and scripts/services left it: where the doors are, the operator's key, the clock.
struct RunFolder {
  std::string path;
  std::uint32_t port_base = 0;
  Api::Doors doors;
  std::string kafka;
  std::string operator_key;
  std::string clock_file;
  std::vector<std::string> metrics_urls;

  // Log files and configurations are looked up when they are scanned, not before.
  std::vector<std::string> LogFiles() const;
};

// Empty failure: read. Otherwise what is missing and which script makes it.
std::string ReadRunFolder(const std::string& path, RunFolder& run);

}  // namespace tilts::city_simulator
