#pragma once

#include <optional>
#include <string_view>

namespace tilts::events {

// What a handler of facts by the million looks at, in the record's own bytes; the other fields were walked over.
struct EnvelopeView {
  std::string_view type;
  std::string_view data;  // the event
};

// Nothing: read the record with Decode, which says what is wrong if anything is. What is given here Decode accepts and
// reads the same, apart from whether the type is known.
std::optional<EnvelopeView> ViewEnvelope(std::string_view value);

}  // namespace tilts::events
