#include "city_simulator/play/indicator_closing.hpp"

#include <tilts/indicators/v1/indicator_service.pb.h>

#include <algorithm>

namespace tilts::city_simulator {
namespace {

constexpr const char* kDepartment = "riga-iksd";
constexpr const char* kCity = "LV-RIX";
const std::string kService = "tilts.indicators.v1.IndicatorService/";

void Show(const indicators::v1::Value& value, ShownStatistics& shown) {
  if (value.municipality() != kCity || !value.computed()) return;
  const StatisticsCell cell{value.indicator_id(), value.category(), value.institution_id()};
  if (value.suppressed()) {
    shown.suppressed.insert(cell);
  } else {
    shown.values[cell] = {value.numerator(), value.denominator()};
  }
}

std::string ReadOfCity(Api& api, const Caller& department, const std::string& school_year, ShownStatistics& shown) {
  indicators::v1::ListIndicatorsResponse list;
  const Called listed =
      api.Call(department, kService + "ListIndicators", indicators::v1::ListIndicatorsRequest{}, &list);
  if (!listed.ok()) return "the indicators are not listed: " + listed.problem;
  for (const auto& definition : list.definitions()) {
    indicators::v1::GetIndicatorRequest request;
    request.set_indicator_id(definition.indicator_id());
    request.set_school_year(school_year);
    indicators::v1::GetIndicatorResponse response;
    const Called called = api.Call(department, kService + "GetIndicator", request, &response);
    if (!called.ok()) return "the indicator " + definition.indicator_id() + " is not shown: " + called.problem;
    for (const auto& value : response.values()) Show(value, shown);
  }
  return {};
}

// An institution's export shows the city's cells like everybody sees them, and its own.
std::string ReadOwn(Api& api, const Caller& caller, const std::string& school_year, ShownStatistics& shown) {
  indicators::v1::ExportIndicatorsRequest request;
  request.set_school_year(school_year);
  indicators::v1::ExportIndicatorsResponse response;
  const Called called = api.Call(caller, kService + "ExportIndicators", request, &response);
  if (!called.ok()) return "the indicators are not exported for " + caller.institution + ": " + called.problem;
  for (const auto& value : response.values()) {
    if (!value.institution_id().empty() && value.institution_id() != caller.institution)
      return caller.institution + " is shown figures of " + value.institution_id();
    if (!value.institution_id().empty()) Show(value, shown);
  }
  return {};
}

class Comparison {
 public:
  Comparison(Stage& stage, const Statistics& expected, const ShownStatistics& shown, const ShownStatistics& before)
      : stage_(stage), expected_(expected), shown_(shown), before_(before) {}

  void Values() {
    std::uint64_t compared = 0, equal = 0, nonzero = 0;
    std::set<StatisticsCell> cells;
    for (const auto& [cell, value] : expected_) cells.insert(cell);
    for (const auto& [cell, value] : shown_.values) cells.insert(cell);
    for (const StatisticsCell& cell : cells) {
      if (!IsComparable(cell)) continue;
      const Fraction mine = ValueOf(expected_, cell), theirs = ValueOf(shown_.values, cell);
      ++compared;
      if (mine == theirs) {
        ++equal;
        if (mine.numerator > 0) ++nonzero;
        continue;
      }
      stage_.ledger.Complain("indicator " + NameOf(cell) + " is " + Text(theirs) + ", not " + Text(mine));
    }
    stage_.ledger.SetIndicators(compared, equal, nonzero);
  }

  // An institution's own cells are whole, and of the city's nothing is left out where no cell of the indicator is
  // small.
  void Suppression() {
    for (const StatisticsCell& cell : shown_.suppressed) {
      const bool some_small = std::any_of(expected_.begin(), expected_.end(), [&](const auto& each) {
        return each.first.indicator == cell.indicator && IsSmall(each.first, each.second);
      });
      if (!cell.institution.empty() || !some_small)
        stage_.ledger.Complain("indicator " + NameOf(cell) + " is left out for nothing");
    }
  }

  // The department may ask for a school's figures, not for its small ones.
  void SmallCells(const std::string& school, const std::string& school_year) {
    std::set<std::string> asked;
    for (const auto& [cell, value] : expected_) {
      if (cell.institution != school || !IsSmall(cell, value) || !asked.insert(cell.indicator).second) continue;
      indicators::v1::GetIndicatorRequest request;
      request.set_indicator_id(cell.indicator);
      request.set_school_year(school_year);
      request.set_institution_id(school);
      indicators::v1::GetIndicatorResponse response;
      const Called called =
          stage_.api.Call(stage_.parties.callers.at(kDepartment), kService + "GetIndicator", request, &response);
      if (!called.ok()) return stage_.ledger.Complain("the figures of " + school + " are not shown: " + called.problem);
      ShownStatistics theirs;
      for (const auto& each : response.values()) Show(each, theirs);
      for (const auto& [shown, number] : theirs.values) {
        if (IsSmall(shown, number)) stage_.ledger.Complain("others see the small cell " + NameOf(shown));
      }
    }
  }

 private:
  // What was left out before cannot be added to, a median of before and now is no sum, and who has no key cannot look.
  bool IsComparable(const StatisticsCell& cell) const {
    if (shown_.suppressed.contains(cell) || before_.suppressed.contains(cell)) return false;
    if (IsMedian(cell.indicator) && before_.values.contains(cell)) return false;
    return cell.institution.empty() || stage_.parties.callers.contains(cell.institution);
  }

  static Fraction ValueOf(const Statistics& statistics, const StatisticsCell& cell) {
    const auto found = statistics.find(cell);
    return found == statistics.end() ? Fraction{} : found->second;
  }
  static std::string Text(const Fraction& value) {
    return std::to_string(value.numerator) + "/" + std::to_string(value.denominator);
  }
  static std::string NameOf(const StatisticsCell& cell) {
    return cell.indicator + " " + cell.category + (cell.institution.empty() ? "" : " of " + cell.institution);
  }

  Stage& stage_;
  const Statistics& expected_;
  const ShownStatistics& shown_;
  const ShownStatistics& before_;
};

}  // namespace

std::string ReadStatistics(Api& api, const Parties& parties, const std::string& school_year, ShownStatistics& shown) {
  std::string failure = ReadOfCity(api, parties.callers.at(kDepartment), school_year, shown);
  for (const auto& [institution, caller] : parties.callers) {
    if (failure.empty()) failure = ReadOwn(api, caller, school_year, shown);
  }
  return failure;
}

void CompareIndicators(Stage& stage, SchoolLife& schools, const ShownStatistics& before) {
  const std::string year = schools.school_year();
  Statistics expected;
  CountLearners(schools.book(), year, expected);
  CountReferrals(stage.world, stage.directory, year, kCity, expected);
  CountDecisions(schools.tiers(), expected);
  ShownStatistics shown;
  const std::string failure = ReadStatistics(stage.api, stage.parties, year, shown);
  if (!failure.empty()) return stage.ledger.Complain(failure);
  for (const auto& [cell, value] : before.values) {
    if (IsMedian(cell.indicator)) continue;
    expected[cell].numerator += value.numerator;
    expected[cell].denominator += value.denominator;
  }
  Comparison comparison(stage, expected, shown, before);
  comparison.Values();
  // What was left out before the run may still be small for reasons nobody here knows.
  if (before.suppressed.empty()) comparison.Suppression();
  for (unsigned school = 1; school <= stage.options.schools; ++school) comparison.SmallCells(SchoolId(school), year);
}

}  // namespace tilts::city_simulator
