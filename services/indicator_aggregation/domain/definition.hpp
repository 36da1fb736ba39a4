#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "indicator_aggregation/domain/row.hpp"

namespace tilts::indicator_aggregation {

enum class Counting { kUnspecified = 0, kRecords = 1, kDistinctLearners = 2, kMedianHours = 3 };
enum class Unit { kUnspecified = 0, kCount = 1, kPerMille = 2, kHours = 3 };

// From being sent until somebody saw, or answered.
enum class Interval { kUnspecified = 0, kToReceipt = 1, kToAnswer = 2 };

// By which code the cells of an indicator are told apart.
enum class Disaggregation { kNone, kInstitutionKind, kSpecialist, kReason, kSpecialistReason, kStage, kDecision };

// Which rows count; an empty set asks nothing. Within a set any code will do, every set must agree.
struct Filter {
  std::set<int> specialists;
  std::set<int> reasons;
  std::set<int> modes;
  std::set<int> stages;
  std::set<int> end_reasons;
  std::set<int> institution_kinds;
  std::set<int> referral_states;
  std::set<int> reject_reasons;
  int grade_from = 0;
  int grade_to = 0;
  int marks = 0;  // bits, any of them
};

struct Part {
  RowKind rows = RowKind::kUnspecified;
  Counting counting = Counting::kUnspecified;
  Filter filter;
  Interval interval = Interval::kUnspecified;  // with median hours
};

struct Definition {
  std::string indicator_id;
  int version = 0;
  Unit unit = Unit::kUnspecified;
  std::optional<Part> numerator;    // nothing: official figures only
  std::optional<Part> denominator;  // with per mille
  Disaggregation disaggregation = Disaggregation::kNone;
};

// Names of codes as they stand in categories and official figures: "STATE_POLICE", "SOCIAL_PEDAGOGUE".
struct CodeNames {
  std::map<int, std::string> institution_kinds;
  std::map<int, std::string> specialists;
  std::map<int, std::string> reasons;
  std::map<int, std::string> stages;
  std::map<int, std::string> decisions;
};

struct Definitions {
  std::vector<Definition> list;
  CodeNames names;

  const Definition* Find(const std::string& indicator_id) const;
};

// Whether the list can be counted: every id once and with a version, parts that agree with unit, row kind and filter.
// Violations name "definitions[3].numerator.filter".
core::Status Validate(const Definitions& definitions);

// True when `category` is a value the disaggregation can have; the total ("") always is.
bool IsCategory(const Definitions& definitions, const Definition& definition, const std::string& category);

}  // namespace tilts::indicator_aggregation
