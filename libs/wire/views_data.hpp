#pragma once

#include <string_view>

namespace tilts::wire {

// data/views.json, compiled in.
extern const std::string_view kViewsJson;

}  // namespace tilts::wire
