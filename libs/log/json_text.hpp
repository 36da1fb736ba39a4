#pragma once

#include <string>
#include <string_view>

namespace tilts::log {

// The text as a JSON string, with its quotes.
void AppendJsonString(std::string& line, std::string_view text);

}  // namespace tilts::log
