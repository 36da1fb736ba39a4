#pragma once

#include <gtest/gtest.h>
#include <tilts/cases/v1/events.pb.h>
#include <tilts/codes/v1/codes.pb.h>

#include <string>
#include <vector>

#include "core/clock.hpp"
#include "events/draft.hpp"
#include "events/in_memory_bus.hpp"
#include "postgres/database.hpp"
#include "testing/server_set.hpp"
#include "testing/wait_for.hpp"

namespace tilts {

inline core::CityTime At(const char* text) {
  return *core::ParseRfc3339(text);
}

class FixedClock : public core::CityClock {
 public:
  core::CityTime Now() const override { return At("2026-03-02T08:30:00Z"); }
};

// Event number `sequence` of a case, on its way to `topic`.
inline events::Draft CaseEvent(const std::string& case_id, std::uint64_t sequence, const std::string& topic = {}) {
  cases::v1::ReportAttached event;
  event.set_case_id(case_id);
  event.set_report_id("report-" + std::to_string(sequence));
  events::Meta meta;
  meta.id = case_id + "/" + std::to_string(sequence);
  meta.source = "/case-intake";
  meta.subject = case_id;
  meta.sequence = sequence;
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = meta.recorded_at = At("2026-03-02T08:30:00Z");
  events::Draft draft = *events::MakeDraft(event, meta);
  if (!topic.empty()) draft.topic = topic;
  return draft;
}

inline events::Record AsRecord(const events::Draft& draft, std::int64_t offset, std::int32_t partition = 0) {
  return {{draft.topic, partition}, offset, draft.key, draft.value, draft.headers};
}

inline std::int64_t CountOf(postgres::Database& database, const std::string& sql) {
  const auto rows = database.Query(sql);
  EXPECT_TRUE(rows.has_value()) << (rows ? "" : rows.error().message);
  return rows && !rows->empty() ? rows->front().Int(0) : -1;
}

}  // namespace tilts
