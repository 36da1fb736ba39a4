#pragma once

#include <tilts/registry/v1/registry_service.pb.h>

#include <functional>
#include <mutex>
#include <optional>

#include "calendar/calendar.hpp"
#include "core/result.hpp"

namespace tilts::case_intake {

// The registry's school calendar as last seen, to doubt days without lessons. Never seen: nothing is doubted.
class SchoolDays {
 public:
  using Fetch = std::function<core::Result<registry::v1::ListCalendarsResponse>()>;
  explicit SchoolDays(Fetch fetch) : fetch_(std::move(fetch)) {}

  // A failure keeps what is known.
  core::Status Refresh();
  std::optional<calendar::Calendar> Current() const;

 private:
  const Fetch fetch_;
  mutable std::mutex mutex_;
  std::optional<calendar::Calendar> calendar_;
};

}  // namespace tilts::case_intake
