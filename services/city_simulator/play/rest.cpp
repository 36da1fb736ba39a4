#include "city_simulator/play/rest.hpp"

#include <nlohmann/json.hpp>
#include <thread>

namespace tilts::city_simulator {
namespace {

using nlohmann::json;

// 64-bit numbers are texts in protobuf's JSON, and absent when zero.
std::uint64_t Count(const json& status, const char* name) {
  const auto found = status.find(name);
  if (found == status.end()) return 0;
  return found->is_string() ? std::stoull(found->get<std::string>()) : found->get<std::uint64_t>();
}

std::optional<Instant> Time(const json& status, const char* name) {
  const auto found = status.find(name);
  return found == status.end() || !found->is_string() ? std::nullopt : Read(found->get<std::string>());
}

// Empty: at rest.
std::string WhyNotAtRest(const json& status, Instant city_time) {
  if (!status.value("ready", false)) return "is not ready";
  if (Time(status, "city_time") != city_time) return "has not read the city time";
  for (const char* name : {"outbox_rows", "lag_records", "due_now", "in_flight"}) {
    if (Count(status, name) != 0) return std::string("has ") + name + "=" + std::to_string(Count(status, name));
  }
  return status.value("at_rest", false) ? "" : "says it is not at rest";
}

struct Round {
  Rest rest;
  std::string offsets;
};

Round Look(Api& api, const Caller& operator_caller, Instant city_time) {
  Round round;
  json answer;
  const Called called = api.Get(operator_caller, "/v1/status", &answer);
  if (!called.ok() || !answer.contains("services") || answer["services"].empty()) {
    round.rest.trouble = "GET /v1/status answered " + std::to_string(called.status) + " " + called.problem;
    return round;
  }
  for (const json& status : answer["services"]) {
    const std::string service = status.value("service", "?");
    if (const std::string why = WhyNotAtRest(status, city_time); !why.empty()) round.rest.trouble = service + " " + why;
    const auto due = Time(status, "next_due_at");
    if (due && (!round.rest.next_due || *due < *round.rest.next_due)) round.rest.next_due = due;
    round.rest.dead_letters += Count(status, "dead_letters");
    round.rest.parked_deliveries += Count(status, "parked_deliveries");
    round.offsets += service;
    for (const json& consumer : status.value("consumers", json::array())) {
      round.offsets += " " + consumer.value("topic", "") + "/" + std::to_string(consumer.value("partition", 0)) + "@" +
                       std::to_string(Count(consumer, "stored_offset")) + "-" +
                       std::to_string(Count(consumer, "end_offset"));
      if (Count(consumer, "stored_offset") < Count(consumer, "end_offset"))
        round.rest.trouble = service + " has records to read";
    }
    round.offsets += "\n";
  }
  round.rest.reached = round.rest.trouble.empty();
  return round;
}

}  // namespace

Rest AwaitRest(Api& api, const Caller& operator_caller, Instant city_time, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  Round before = Look(api, operator_caller, city_time);
  while (std::chrono::steady_clock::now() < end) {
    if (!before.rest.reached) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    Round after = Look(api, operator_caller, city_time);
    if (before.rest.reached && after.rest.reached && before.offsets == after.offsets) return after.rest;
    before = std::move(after);
  }
  before.rest.reached = false;
  return before.rest;
}

}  // namespace tilts::city_simulator
