#include "indicator_aggregation/domain/definition.hpp"

#include <algorithm>

namespace tilts::indicator_aggregation {
namespace {

constexpr int kReferralMarks =
    kMarkAct | kMarkAnsweredInTime | kMarkAnsweredLate | kMarkExpired | kMarkReRouted | kMarkOutcomeIn30Days;

bool HasSubject(RowKind kind) {
  return kind == RowKind::kConsultation || kind == RowKind::kSupportMeasure || kind == RowKind::kEnrolment ||
         kind == RowKind::kLimit || kind == RowKind::kTierDecision;
}

bool HasGrade(RowKind kind) {
  return kind == RowKind::kConsultation || kind == RowKind::kSupportMeasure || kind == RowKind::kEnrolment;
}

// A condition that no row of the kind can meet is a mistake of the file.
bool FilterFits(RowKind kind, const Filter& filter) {
  const bool consultation = kind == RowKind::kConsultation;
  const bool referral = kind == RowKind::kReferral;
  const bool of_consultations = filter.specialists.empty() && filter.reasons.empty() && filter.modes.empty();
  if (!consultation && !of_consultations) return false;
  if (!HasGrade(kind) && !(filter.stages.empty() && filter.grade_from == 0 && filter.grade_to == 0)) return false;
  if (filter.grade_from > filter.grade_to || filter.grade_to > 12) return false;
  if (kind != RowKind::kEnrolment && !filter.end_reasons.empty()) return false;
  if (!referral && kind != RowKind::kInvolvement && !filter.institution_kinds.empty()) return false;
  if (!referral && !(filter.referral_states.empty() && filter.reject_reasons.empty())) return false;
  const int possible = referral ? kReferralMarks : kind == RowKind::kEnrolment ? int{kMarkLast} : 0;
  return (filter.marks & ~possible) == 0;
}

bool DisaggregationFits(RowKind kind, Disaggregation by) {
  switch (by) {
    case Disaggregation::kNone: return true;
    case Disaggregation::kInstitutionKind: return kind == RowKind::kInvolvement || kind == RowKind::kReferral;
    case Disaggregation::kSpecialist:
    case Disaggregation::kReason:
    case Disaggregation::kSpecialistReason: return kind == RowKind::kConsultation;
    case Disaggregation::kStage: return HasGrade(kind);
    case Disaggregation::kDecision: return kind == RowKind::kTierDecision;
  }
  return false;
}

class Checker {
 public:
  explicit Checker(const Definitions& definitions) : definitions_(definitions) {}

  core::Status Check() {
    std::set<std::string> ids;
    for (std::size_t i = 0; i < definitions_.list.size(); ++i) {
      const Definition& definition = definitions_.list[i];
      const std::string at = "definitions[" + std::to_string(i) + "]";
      if (definition.indicator_id.empty() || !ids.insert(definition.indicator_id).second) {
        Complain(at + ".indicator_id", "ID",
                 "give every indicator an id of its own, not '" + definition.indicator_id + "'");
      }
      if (definition.version < 1) Complain(at + ".version", "VERSION", "number the definition from 1");
      CheckUnit(at, definition);
      if (definition.numerator) CheckPart(at + ".numerator", *definition.numerator, definition.disaggregation);
      if (definition.denominator) CheckPart(at + ".denominator", *definition.denominator, definition.disaggregation);
    }
    if (faults_.empty()) return {};
    return core::Fail(core::Error{core::Errc::kInvalid, "the indicator definitions cannot be counted", "DEFINITIONS",
                                  std::move(faults_), 0});
  }

 private:
  void Complain(std::string field, std::string code, std::string message) {
    faults_.push_back({std::move(field), std::move(code), std::move(message)});
  }

  void CheckUnit(const std::string& at, const Definition& definition) {
    if (definition.unit == Unit::kUnspecified) Complain(at + ".unit", "UNIT", "say in what it is counted");
    if (definition.denominator && !definition.numerator) {
      Complain(at + ".numerator", "PARTS", "a denominator needs a numerator");
    }
    if (!definition.numerator) return;
    const bool median = definition.numerator->counting == Counting::kMedianHours;
    if (median != (definition.unit == Unit::kHours)) {
      Complain(at + ".unit", "UNIT", "hours are counted as a median, and nothing else is");
    }
    if (definition.denominator.has_value() != (definition.unit == Unit::kPerMille)) {
      Complain(at + ".denominator", "PARTS", "a share has a denominator, a count has none");
    }
  }

  void CheckPart(const std::string& at, const Part& part, Disaggregation by) {
    if (part.rows == RowKind::kUnspecified || part.rows == RowKind::kAttendance) {
      Complain(at + ".rows", "ROWS", "name a kind of row that indicators count");
    }
    if (part.counting == Counting::kUnspecified) {
      Complain(at + ".counting", "COUNTING", "count records or distinct learners, or take the median of hours");
    }
    const bool median = part.counting == Counting::kMedianHours;
    if (median != (part.interval != Interval::kUnspecified) || (median && part.rows != RowKind::kReferral)) {
      Complain(at + ".interval", "INTERVAL", "a median of hours, and only that, has an interval of referrals");
    }
    if (part.counting == Counting::kDistinctLearners && !HasSubject(part.rows)) {
      Complain(at + ".counting", "COUNTING", "rows of this kind name no learner");
    }
    if (!FilterFits(part.rows, part.filter)) {
      Complain(at + ".filter", "FILTER", "no row of this kind can meet the filter");
    }
    if (!DisaggregationFits(part.rows, by)) {
      Complain(at + ".rows", "DISAGGREGATION", "rows of this kind do not have the code to tell apart by");
    }
  }

  const Definitions& definitions_;
  std::vector<core::Violation> faults_;
};

bool IsName(const std::map<int, std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(), [&](const auto& entry) { return entry.second == name; });
}

}  // namespace

const Definition* Definitions::Find(const std::string& indicator_id) const {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Definition& each) { return each.indicator_id == indicator_id; });
  return found == list.end() ? nullptr : &*found;
}

core::Status Validate(const Definitions& definitions) {
  return Checker(definitions).Check();
}

bool IsCategory(const Definitions& definitions, const Definition& definition, const std::string& category) {
  if (category.empty()) return true;
  const CodeNames& names = definitions.names;
  switch (definition.disaggregation) {
    case Disaggregation::kNone: return false;
    case Disaggregation::kInstitutionKind: return IsName(names.institution_kinds, category);
    case Disaggregation::kSpecialist: return IsName(names.specialists, category);
    case Disaggregation::kReason: return IsName(names.reasons, category);
    case Disaggregation::kStage: return IsName(names.stages, category);
    case Disaggregation::kDecision: return IsName(names.decisions, category);
    case Disaggregation::kSpecialistReason: {
      const auto slash = category.find('/');
      if (slash == std::string::npos) return IsName(names.specialists, category);
      return IsName(names.specialists, category.substr(0, slash)) && IsName(names.reasons, category.substr(slash + 1));
    }
  }
  return false;
}

}  // namespace tilts::indicator_aggregation
