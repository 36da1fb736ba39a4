#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "case_intake/domain/facts.hpp"
#include "core/city_time.hpp"
#include "core/strong_id.hpp"

namespace tilts::case_intake {

// A file of one child and one stream.
struct Case {
  core::CaseId id{};
  CaseState state = CaseState::kOpen;
  CaseFacts facts{};
  core::PersonId subject{};      // empty while unknown
  core::CaseId previous_case{};  // the episode before, when the file was opened again
  core::CaseId merged_into{};
  core::CityTime opened_at{};
  std::optional<core::CityTime> closed_at{};
  Outcome outcome = Outcome::kUnspecified;
  std::uint32_t open_referrals = 0;
  std::uint64_t sequence = 0;  // of the last event, without gaps
  std::uint64_t version = 0;   // rises with every change a reader can see: the etag

  bool operator==(const Case&) const = default;
};

// Events, each with the picture after it.
struct CaseOpened {
  core::ReportId report{};
  core::InstitutionId reporter{};
  CaseFacts facts{};
  core::PersonId subject{};
  core::CaseId previous_case{};
  bool operator==(const CaseOpened&) const = default;
};
struct ReportAttached {
  core::ReportId report{};
  core::InstitutionId reporter{};
  CaseFacts facts{};
  bool operator==(const ReportAttached&) const = default;
};
struct CaseFactsChanged {
  CaseFacts facts{};
  core::PersonId subject{};
  bool operator==(const CaseFactsChanged&) const = default;
};
struct CaseStateChanged {
  CaseState state = CaseState::kUnspecified;
  Outcome outcome = Outcome::kUnspecified;
  core::CaseId merged_into{};
  bool operator==(const CaseStateChanged&) const = default;
};
struct ReportOutcome {
  core::ReportId report{};
  core::InstitutionId reporter{};
  Outcome outcome = Outcome::kUnspecified;
  bool operator==(const ReportOutcome&) const = default;
};

struct CaseEvent {
  std::uint64_t sequence = 0;
  std::variant<CaseOpened, ReportAttached, CaseFactsChanged, CaseStateChanged, ReportOutcome> body;
  bool operator==(const CaseEvent&) const = default;
};

// The case after the decision and what it tells the others. No event: only counters changed, or nothing.
struct Decision {
  Case after;
  std::vector<CaseEvent> events{};
  bool changed = false;
};

// A report that belongs to a case: whom the outcome is told.
struct AttachedReport {
  core::ReportId report{};
  core::InstitutionId reporter{};
};

// What the case's coordinator can do now: "RAISE_LEVEL", "CLOSE".
std::vector<std::string> AvailableMoves(const Case& current);
std::string Etag(const Case& current);

}  // namespace tilts::case_intake
