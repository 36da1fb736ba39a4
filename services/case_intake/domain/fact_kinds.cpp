#include "case_intake/domain/fact_kinds.hpp"

#include <array>

#include "calendar/school_year.hpp"

namespace tilts::case_intake {
namespace {

constexpr std::array<std::string_view, 8> kNames = {"",           "enrolment", "attendance",   "result",
                                                    "repetition", "behaviour", "consultation", "support_measure"};

struct DayReader {
  Day operator()(const std::monostate&) const { return 0; }
  Day operator()(const EnrolmentFact& fact) const { return fact.from.day; }
  template <typename Body>
  Day operator()(const Body& body) const {
    return body.day.day;
  }
};

}  // namespace

Day DayOf(calendar::LocalDate date) {
  return static_cast<Day>(date.time_since_epoch().count());
}

calendar::LocalDate DateOf(Day day) {
  return calendar::LocalDate(std::chrono::days(day));
}

std::string_view KindOf(const Fact& fact) {
  return kNames.at(fact.body.index());
}

Day DayOf(const Fact& fact) {
  return std::visit(DayReader(), fact.body);
}

bool IsSupport(const Fact& fact) {
  return std::holds_alternative<ConsultationFact>(fact.body) || std::holds_alternative<MeasureFact>(fact.body);
}

Day SchoolYearFrom(Day day) {
  const std::chrono::year_month_day date{DateOf(day)};
  const std::chrono::year year = date.year() - std::chrono::years(date.month() < std::chrono::September ? 1 : 0);
  return DayOf(calendar::LocalDate(year / std::chrono::September / 1));
}

std::string SchoolYearOn(Day day) {
  return calendar::SchoolYearOn(DateOf(day));
}

}  // namespace tilts::case_intake
