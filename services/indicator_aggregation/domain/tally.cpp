#include "indicator_aggregation/domain/tally.hpp"

#include <algorithm>
#include <optional>

#include "indicator_aggregation/domain/school_year.hpp"

namespace tilts::indicator_aggregation {
namespace {

bool Asks(const std::set<int>& wanted, int code) {
  return wanted.empty() || wanted.contains(code);
}

constexpr std::int64_t kHour = 3'600'000'000;  // microseconds
constexpr std::int64_t kThirtyDays = 30 * 24 * kHour;

// Nothing while either end is missing. Clocks that disagree make no negative time.
std::optional<std::int64_t> HoursOf(Interval interval, const Times& times) {
  const std::int64_t end = interval == Interval::kToReceipt ? times.received : times.answered;
  if (times.requested == 0 || end == 0) return std::nullopt;
  return (std::max<std::int64_t>(end - times.requested, 0) + kHour - 1) / kHour;
}

int MarksByTime(const Times& times) {
  const bool concluded = times.requested != 0 && times.concluded != 0;
  return concluded && times.concluded - times.requested <= kThirtyDays ? int{kMarkOutcomeIn30Days} : 0;
}

// Everything but the reason, which a consultation has several of.
bool Passes(const Filter& filter, const Codes& codes, int marks) {
  if (filter.grade_to != 0 && (codes.grade < filter.grade_from || codes.grade > filter.grade_to)) return false;
  if (filter.marks != 0 && (filter.marks & marks) == 0) return false;
  return Asks(filter.specialists, codes.specialist) && Asks(filter.modes, codes.mode) &&
         Asks(filter.stages, codes.stage) && Asks(filter.end_reasons, codes.end_reason) &&
         Asks(filter.institution_kinds, codes.institution_kind) && Asks(filter.referral_states, codes.referral_state) &&
         Asks(filter.reject_reasons, codes.reject_reason);
}

std::string NameOf(const std::map<int, std::string>& names, int code) {
  const auto found = names.find(code);
  return found == names.end() ? "CODE_" + std::to_string(code) : found->second;
}

std::string CategoryOf(const CodeNames& names, Disaggregation by, const Codes& codes, int reason) {
  switch (by) {
    case Disaggregation::kNone: return {};
    case Disaggregation::kInstitutionKind: return NameOf(names.institution_kinds, codes.institution_kind);
    case Disaggregation::kSpecialist: return NameOf(names.specialists, codes.specialist);
    case Disaggregation::kReason: return NameOf(names.reasons, reason);
    case Disaggregation::kSpecialistReason:
      return NameOf(names.specialists, codes.specialist) + "/" + NameOf(names.reasons, reason);
    case Disaggregation::kStage: return NameOf(names.stages, codes.stage);
    case Disaggregation::kDecision: return NameOf(names.decisions, codes.decision);
  }
  return {};
}

// The years a row counts in. A filter on how enrolments ended asks about the year of the end alone.
std::vector<std::string> YearsOf(const Row& row, const Filter& filter, const std::string& current_year) {
  if (row.kind != RowKind::kEnrolment) return {row.school_year};
  std::string last = row.to_day == 0 ? current_year : SchoolYearOfDay(row.to_day);
  if (last.empty()) last = row.school_year;
  if (!filter.end_reasons.empty()) return {last};
  return SchoolYears(row.school_year, last);
}

class Counter {
 public:
  Counter(const Definitions& definitions, const Definition& definition, const Part& part, Side side, int sign,
          Tally& tally)
      : definitions_(definitions), definition_(definition), part_(part), side_(side), sign_(sign), tally_(tally) {}

  void Add(const Row& row, int marks, const std::string& current_year) const {
    if (row.kind != part_.rows || row.withdrawn || !Passes(part_.filter, row.codes, marks)) return;
    const std::vector<std::string> years = YearsOf(row, part_.filter, current_year);
    if (row.kind != RowKind::kConsultation || row.codes.reasons.empty()) return AddReason(row, 0, years);
    for (const int reason : row.codes.reasons) {
      if (Asks(part_.filter.reasons, reason)) AddReason(row, reason, years);
    }
  }

 private:
  void AddReason(const Row& row, int reason, const std::vector<std::string>& years) const {
    const std::string category = CategoryOf(definitions_.names, definition_.disaggregation, row.codes, reason);
    for (const std::string& year : years) {
      for (const std::string& institution : Both(row.institution_id)) {
        for (const std::string& each : Both(category)) {
          AddTo({definition_.indicator_id, definition_.version, year, row.municipality, institution, each}, row);
        }
      }
    }
  }

  // The part and its total.
  static std::vector<std::string> Both(const std::string& value) {
    return value.empty() ? std::vector<std::string>{""} : std::vector<std::string>{"", value};
  }

  void AddTo(const Cell& cell, const Row& row) const {
    if (part_.counting == Counting::kDistinctLearners) return tally_.Add(Member{cell, side_, row.subject_id}, sign_);
    if (part_.counting != Counting::kMedianHours) return tally_.Add(side_, cell, sign_);
    if (const auto hours = HoursOf(part_.interval, row.codes.times)) tally_.Add(HourBucket{cell, *hours}, sign_);
  }

  const Definitions& definitions_;
  const Definition& definition_;
  const Part& part_;
  const Side side_;
  const int sign_;
  Tally& tally_;
};

// Marks that are not stored: of a pupil's enrolments those that began last, of a referral what its times say.
std::vector<int> MarksOf(const std::vector<Row>& rows) {
  std::map<std::string, int> latest;
  for (const Row& row : rows) {
    if (row.kind != RowKind::kEnrolment || row.withdrawn) continue;
    const auto [found, added] = latest.emplace(row.subject_id, row.day);
    if (!added) found->second = std::max(found->second, row.day);
  }
  std::vector<int> marks;
  for (const Row& row : rows) {
    const bool last = row.kind == RowKind::kEnrolment && !row.withdrawn && latest.at(row.subject_id) == row.day;
    marks.push_back(row.codes.marks | (last ? int{kMarkLast} : 0) | MarksByTime(row.codes.times));
  }
  return marks;
}

}  // namespace

void Tally::Add(Side side, const Cell& cell, std::int64_t rows) {
  const auto found = records.try_emplace(cell).first;
  (side == Side::kNumerator ? found->second.numerator : found->second.denominator) += rows;
  if (found->second == Numbers{}) records.erase(found);
}

void Tally::Add(const Member& member, std::int64_t rows) {
  const auto found = members.try_emplace(member).first;
  found->second += rows;
  if (found->second == 0) members.erase(found);
}

void Tally::Add(const HourBucket& bucket, std::int64_t rows) {
  const auto found = hours.try_emplace(bucket).first;
  found->second += rows;
  if (found->second == 0) hours.erase(found);
}

void Count(const Definitions& definitions, const std::vector<Row>& rows, const std::string& current_year, int sign,
           Tally& tally) {
  const std::vector<int> marks = MarksOf(rows);
  for (const Definition& definition : definitions.list) {
    for (const Side side : {Side::kNumerator, Side::kDenominator}) {
      const auto& part = side == Side::kNumerator ? definition.numerator : definition.denominator;
      if (!part) continue;
      const Counter counter(definitions, definition, *part, side, sign, tally);
      for (std::size_t i = 0; i < rows.size(); ++i) counter.Add(rows[i], marks[i], current_year);
    }
  }
}

std::map<Cell, Numbers> ValuesOf(const Tally& tally) {
  std::map<Cell, Numbers> values = tally.records;
  for (const auto& [member, rows] : tally.members) {
    Numbers& numbers = values[member.cell];
    ++(member.side == Side::kNumerator ? numbers.numerator : numbers.denominator);
  }
  for (const auto& [bucket, rows] : tally.hours) values[bucket.cell].denominator += rows;
  std::map<Cell, std::int64_t> reached;
  for (const auto& [bucket, rows] : tally.hours) {
    Numbers& numbers = values[bucket.cell];
    std::int64_t& so_far = reached[bucket.cell];
    // The first bucket by which half of them are over; a later one finds them over already.
    if (2 * so_far < numbers.denominator) numbers.numerator = bucket.hours;
    so_far += rows;
  }
  return values;
}

}  // namespace tilts::indicator_aggregation
