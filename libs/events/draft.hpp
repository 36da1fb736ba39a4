#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/city_time.hpp"
#include "core/result.hpp"
#include "events/catalogue.hpp"
#include "events/record.hpp"

namespace tilts::events {

// Everything of the envelope that is not the event itself. Times come from the caller's city clock.
struct Meta {
  std::string id;       // random id; or DerivedId(cause, rule, index), so that handling twice makes the same event
  std::string source;   // "/case-intake"
  std::string subject;  // aggregate id
  std::uint64_t sequence = 0;  // of the aggregate, from 1 without gaps; 0 where order does not matter
  codes::v1::Purpose purpose{};
  core::CityTime occurred_at;
  core::CityTime recorded_at;
  std::string causation_id;
  std::string correlation_id;  // empty: the event starts a chain, its own id is used
  std::string school_year;
  std::string municipality;
  std::uint32_t data_schema = 1;
  std::string traceparent;  // "00-<32 hex>-<16 hex>-<2 hex>" or empty
};

// The id of something derived: the same cause, rule (name and version) and index give the same id for ever.
// 32 lower-case hex digits.
std::string DerivedId(std::string_view cause_id, std::string_view rule, std::uint32_t index);

// Wraps the event into its envelope and finds topic and key from the contract. kInvalid: not an event, no id, source,
// subject or recorded time, an empty key, text that is not UTF-8, more than kMaxRecordBytes.
core::Result<Draft> MakeDraft(const google::protobuf::Message& event, const Meta& meta,
                              const Catalogue& catalogue = Catalogue::BuiltIn());

// A control record: one draft per partition of the topic, all with the same event id. `topic` names one of the topics
// the event may travel on.
core::Result<std::vector<Draft>> MakeBroadcast(const google::protobuf::Message& event, const Meta& meta,
                                               std::string_view topic,
                                               const Catalogue& catalogue = Catalogue::BuiltIn());

}  // namespace tilts::events
