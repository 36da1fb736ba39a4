#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "risk_scoring/domain/close_day.hpp"

namespace tilts::risk_scoring::testing {

// 1 September 2025, a Monday. Sample years have five school days a week; semesters of 16 and 20 weeks from `kAutumn`
// and from 1 January.
inline constexpr Day kAutumn = 20'332;
inline constexpr Day kNewYear = kAutumn + 122;
inline constexpr char kSchool[] = "school-b";
inline constexpr char kOtherSchool[] = "school-a";

inline Day Monday(int week, Day from = kAutumn) {
  return from + 7 * week;
}

// The n-th school day of autumn, counted from 0.
inline Day SchoolDay(int n) {
  return kAutumn + 7 * (n / 5) + n % 5;
}

inline RecordId RecordOf(const std::string& key) {
  RecordId id{};
  const core::Sha256Digest digest = core::Sha256(key);
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

inline Fact Enrolled(Day from, Day to = 0, const std::string& school = kSchool, std::uint16_t revision = 1) {
  return {.record_id = RecordOf(core::Concat("enrolment/", school, "/", from)),
          .revision = revision,
          .institution_id = school,
          .content = Enrolment{.from_day = from, .to_day = to, .stage = 1, .grade = 7}};
}
inline Fact Attended(Attendance said, std::uint16_t revision = 1, const std::string& school = kSchool) {
  return {.record_id = RecordOf(core::Concat("attendance/", school, "/", said.day)),
          .revision = revision,
          .institution_id = school,
          .content = said};
}
inline Fact Marked(Day day, unsigned period, const std::string& subject, unsigned mark, std::uint16_t revision = 1) {
  return {.record_id = RecordOf(core::Concat("result/", SchoolYearOf(day), "/", period, "/", subject)),
          .revision = revision,
          .institution_id = kSchool,
          .content = SubjectResult{.day = day,
                                   .period = static_cast<std::uint8_t>(period),
                                   .subject_code = subject,
                                   .mark = static_cast<std::uint8_t>(mark)}};
}
inline Fact Repeated(Day day, std::uint16_t revision = 1) {
  return {.record_id = RecordOf(core::Concat("repetition/", SchoolYearOf(day))),
          .revision = revision,
          .institution_id = kSchool,
          .content = risk_scoring::Repetition{.day = day, .grade = 6}};
}
inline Fact Behaved(const std::string& number, Day day, BehaviourKind kind, std::uint16_t revision = 1) {
  return {.record_id = RecordOf("behaviour/" + number),
          .revision = revision,
          .institution_id = kSchool,
          .content = Behaviour{.day = day, .kind = kind}};
}
inline Fact Withdrawn(Fact fact, std::uint16_t revision) {
  fact.withdrawn = true;
  fact.revision = revision;
  return fact;
}

inline ClosedDay CloseOf(Day day, int school_year = 2025, unsigned semester = 1) {
  const Day year_from = SchoolYearStart(school_year);
  return {day, school_year, semester, semester == 1 ? year_from : year_from + 122, year_from};
}

inline PupilState StateOf(const std::vector<Fact>& facts) {
  PupilState state;
  for (const Fact& fact : facts) Apply(state, fact);
  return state;
}

// A pupil with six lessons on each of the first `days` school days, nothing missed.
inline PupilState Regular(int days) {
  PupilState state = StateOf({Enrolled(kAutumn)});
  for (int n = 0; n < days; ++n) Apply(state, Attended({.day = SchoolDay(n), .offered = 6}));
  return state;
}

// The first `days` school days of autumn closed.
inline ClosedDays Closed(int days) {
  ClosedDays closed;
  for (int n = 0; n < days; ++n) closed.Close(CloseOf(SchoolDay(n)));
  return closed;
}

// The card as its data file has it; app/ reads the same file through the contract.
inline Card ReadCard(const std::string& path) {
  std::ifstream file(path);
  const nlohmann::json json = nlohmann::json::parse(file);
  const std::vector<std::string> measures{
      "UNSPECIFIED", "ABSENCE_SHARE", "UNEXCUSED_LESSONS", "SILENT_SCHOOL_DAYS", "FAILING_SUBJECTS",
      "MARK_FALL",   "REPETITIONS",   "INCIDENTS",         "SUSPENSIONS",        "SCHOOL_CHANGES"};
  const std::vector<std::string> units{"UNSPECIFIED", "SCHOOL_DAYS", "CALENDAR_DAYS", "SEMESTER", "SCHOOL_YEAR"};
  const auto number_of = [](const std::vector<std::string>& names, const std::string& prefix, const std::string& name) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const auto& n) { return prefix + n == name; });
    return static_cast<std::uint8_t>(found - names.begin());
  };
  Card card{.id = json.at("card_id"), .version = json.at("version"), .source = json.at("source")};
  for (const auto& said : json.at("factors")) {
    Factor factor{.id = said.at("factor_id"), .domain = said.at("domain")};
    factor.measure = Measure{number_of(measures, "MEASURE_", said.at("measure"))};
    factor.window_unit =
        WindowUnit{number_of(units, "WINDOW_UNIT_", said.value("window_unit", "WINDOW_UNIT_UNSPECIFIED"))};
    factor.window = said.value("window", 0U);
    for (const auto& bin : said.at("bins")) {
      factor.bins.push_back({bin.at("at_least"), bin.at("points"), bin.at("evidence")});
    }
    card.factors.push_back(std::move(factor));
  }
  for (const auto& said : json.at("domains")) {
    card.domains.push_back({said.at("domain"), said.at("cap"), said.value("sum", false)});
  }
  for (const auto& said : json.at("tiers")) {
    TierRule rule{said.at("tier"), said.value("points_at_least", 0U), said.value("domains_at_least", 0U), {}};
    for (const auto& floor : said.value("floors", nlohmann::json::array())) {
      rule.floors.push_back({floor.at("factor_id"), floor.at("at_least")});
    }
    card.tiers.push_back(std::move(rule));
  }
  const auto& abstention = json.at("abstention");
  card.abstention = {abstention.at("lessons_observed_at_least"), abstention.at("records_expected_per_mille"),
                     abstention.at("enrolled_school_days_at_least")};
  const auto& limit = json.at("limit");
  card.limit = {limit.at("lessons"), limit.at("unknown_grace_school_days"), limit.at("legal_basis"),
                limit.at("legal_version")};
  card.pass_mark = json.at("pass_mark");
  return card;
}

inline Card ColdStart() {
  static const Card card = ReadCard(TILTS_SOURCE_DIR "/services/risk_scoring/data/cards/cold-start.1.json");
  return card;
}
inline const CheckedCard& ColdStartCard() {
  static const CheckedCard card = CheckedCard::Make(ColdStart()).value();
  return card;
}

inline const Contribution& Of(const Assessment& assessment, Measure measure,
                              const CheckedCard& card = ColdStartCard()) {
  for (std::size_t i = 0; i < assessment.factors; ++i) {
    if (card.card().factors[i].measure == measure) return assessment.by_factor[i];
  }
  static const Contribution kNone;
  return kNone;
}

}  // namespace tilts::risk_scoring::testing
