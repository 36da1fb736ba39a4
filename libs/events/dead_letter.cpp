#include "events/dead_letter.hpp"

#include "core/concat.hpp"
#include "events/catalogue.hpp"

namespace tilts::events {

std::string OriginOf(const Record& record) {
  return core::Concat(record.at.topic, "/", record.at.partition, "/", record.offset);
}

std::string LetterCode(const core::Error& error) {
  return std::string(core::ToString(error.code));
}

std::string LetterReason(const core::Error& error) {
  return error.reason.empty() ? LetterCode(error) : error.reason;
}

Draft MakeDeadLetter(const std::string& group, const Record& record, const core::Error& error, int attempts) {
  Draft draft{DeadLetterTopic(record.at.topic, group), record.key, std::nullopt, OriginOf(record), record.value, {}};
  draft.headers = {{"x-dlq-reason", LetterReason(error)},
                   {"x-dlq-code", LetterCode(error)},
                   {"x-dlq-topic", record.at.topic},
                   {"x-dlq-partition", std::to_string(record.at.partition)},
                   {"x-dlq-offset", std::to_string(record.offset)},
                   {"x-dlq-handler", group},
                   {"x-dlq-attempts", std::to_string(attempts)}};
  return draft;
}

}  // namespace tilts::events
