#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"

namespace tilts::indicator_aggregation {

// Which institutions are a municipality's education authority (kind IKSD), as the registry last said. While it was
// never reached there is none: then nobody sees other institutions' cells.
class Authorities {
 public:
  using Fetch = std::function<core::Result<std::map<std::string, std::string>>()>;  // id to municipality

  explicit Authorities(Fetch fetch);
  ~Authorities();

  // A thread that asks at once and then at every interval.
  void Start(std::chrono::milliseconds interval);
  void Stop();
  core::Status Refresh();

  // The municipality whose authority this institution is.
  std::optional<std::string> MunicipalityOf(const std::string& institution_id) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tilts::indicator_aggregation
