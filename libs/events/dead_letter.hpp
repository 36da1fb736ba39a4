#pragma once

#include <string>

#include "core/result.hpp"
#include "events/record.hpp"

namespace tilts::events {

// "<topic>/<partition>/<offset>": where a record came from; the event id of its dead letter.
std::string OriginOf(const Record& record);

// The words a dead letter shows. Never the message: it is for people and may quote what it complains about.
std::string LetterCode(const core::Error& error);
std::string LetterReason(const core::Error& error);

// The record as it came, for the dead-letter topic of the group, with why and from where in its headers.
Draft MakeDeadLetter(const std::string& group, const Record& record, const core::Error& error, int attempts);

}  // namespace tilts::events
