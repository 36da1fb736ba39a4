#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/result.hpp"

namespace tilts::indicator_aggregation {

// Which institutions are a municipality's education authority (kind IKSD), as the registry last said. While it was
// never reached there is none: then nobody sees other institutions' cells.
class Authorities {
 public:
  using Fetch = std::function<core::Result<std::map<std::string, std::string>>()>;  // id to municipality

  explicit Authorities(Fetch fetch) : fetch_(std::move(fetch)) {}

  // Asks once; a failure keeps what is known.
  core::Status Refresh();
  // The municipality whose authority this institution is.
  std::optional<std::string> MunicipalityOf(const std::string& institution_id) const;

 private:
  const Fetch fetch_;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> known_;  // guarded by mutex_
};

}  // namespace tilts::indicator_aggregation
