// What a thousand facts, a closed school day and a case cost: processor seconds of every process, bytes of every store,
// taken before and after a known load on the whole house. Prints one JSON object; docs/operations/capacity.md reckons
// with it.
#include <absl/strings/str_cat.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <thread>

#include "footprint.hpp"
#include "load.hpp"

namespace tilts::bench {
namespace {

using e2e::Answer;
using e2e::Caller;
using e2e::City;
using std::chrono::hours;
using std::chrono::seconds;

constexpr int kFactsOfACall = 100;
constexpr int kSchoolDays = 15;

int Size(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

void Push(City& city, const Caller& school, const e2e::Json& facts) {
  const bool taken = e2e::Eventually([&] {
    const Answer answer = city.Post("/v1/facts", school, {{"facts", facts}});
    return answer.ok() && answer.body.value("accepted", 0U) == facts.size();
  });
  if (!taken) throw std::runtime_error("facts were not taken");
}

// Sends `count` facts that `make` gives, a hundred a call.
template <typename Make>
void PushAll(City& city, const Caller& school, int count, const Make& make) {
  e2e::Json facts = e2e::Json::array();
  for (int i = 0; i < count; ++i) {
    facts.push_back(make(i));
    if (std::ssize(facts) < kFactsOfACall && i + 1 < count) continue;
    Push(city, school, facts);
    facts = e2e::Json::array();
  }
}

e2e::Json Enrolment(const std::string& number) {
  const e2e::Json identifier = {{"system", "IDENTIFIER_SYSTEM_NATIONAL_CODE"}, {"value", "code-" + number}};
  const e2e::Json person = {{"identifiers", e2e::Json::array({identifier})}};
  return {{"pupil_number", number},
          {"revision", 1},
          {"enrolment", {{"from", "2025-09-01"}, {"grade", 7}, {"person", person}}}};
}

void Rest(City& city) {
  if (!city.WaitAtRest(seconds(300))) throw std::runtime_error("the city does not come to rest");
}

Json Run() {
  City& city = City::Get();
  const int pupils = Size("TILTS_CAPACITY_PUPILS", 3000);
  const int reports = Size("TILTS_CAPACITY_REPORTS", 600);
  const seconds idle_time(Size("TILTS_CAPACITY_IDLE", 30));
  const Caller school = city.For("riga-school-001");
  const Caller police = city.For(e2e::InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));
  e2e::Receiver receiver;
  city.Post("/v1/endpoints", police, {{"request_id", city.Fresh("endpoint")}, {"url", receiver.url()}, {"order", 1}});
  const std::string prefix = city.Fresh("PN");
  const auto number = [&](int pupil) { return absl::StrCat(prefix, "-", pupil); };
  Json result{{"bench", "capacity"}, {"machine", Machine()}};

  // A broker that has just begun spends its time on compiling itself.
  const Caller other = city.For("riga-school-002");
  e2e::Load warm(city, other, police);
  const int warm_pupils = pupils / 10;
  PushAll(city, other, warm_pupils, [&](int i) { return Enrolment(absl::StrCat(prefix, "-warm-", i)); });
  if (!warm.MoreReports(static_cast<std::size_t>(reports / 6), seconds(300))) throw std::runtime_error("too slow");
  warm.Stop();
  // The reminders of these reports run out before anything is measured.
  city.Advance(hours(24 * 60));
  Rest(city);
  const std::size_t warm_deliveries = receiver.distinct_ids().size();
  const Footprint still = Look(city);
  std::this_thread::sleep_for(idle_time);
  const Footprint begin = Look(city);
  const auto idle = PerSecond(still, begin);
  result["idle_core_share"] = idle;

  PushAll(city, school, pupils, [&](int i) { return Enrolment(number(i)); });
  Rest(city);
  const Footprint enrolled = Look(city);
  result["enrolment"] = Cost(begin, enrolled, idle, pupils / 1000.0);

  const core::CityTime first = city.Now();
  PushAll(city, school, pupils * kSchoolDays, [&](int i) {
    const int day = i / pupils;
    const std::string date = core::FormatRfc3339(first - hours(24 * (1 + day))).substr(0, 10);
    const e2e::Json attendance = {{"day", date},
                                  {"lessons_offered", 7},
                                  {"absent_excused", i % 11 == 0 ? 2 : 0},
                                  {"absent_unexcused", i % 17 == 0 ? 1 : 0}};
    return e2e::Json{{"pupil_number", number(i % pupils)}, {"revision", 1}, {"attendance", attendance}};
  });
  Rest(city);
  const Footprint attended = Look(city);
  result["attendance_facts"] = pupils * kSchoolDays;
  result["thousand_attendance_days"] = Cost(enrolled, attended, idle, pupils * kSchoolDays / 1000.0);

  city.Advance(hours(24 * 7));
  Rest(city);
  const Footprint closed = Look(city);
  result["closes_of_thousand_pupils"] = Cost(attended, closed, idle, 5 * (pupils + warm_pupils) / 1000.0);

  e2e::Load load(city, school, police);
  if (!load.MoreReports(static_cast<std::size_t>(reports), seconds(600))) throw std::runtime_error("too slow");
  load.Stop();
  Rest(city);
  const auto cases = static_cast<double>(load.acknowledged().size());
  result["cases"] = cases;
  const auto referrals =
      std::stod(city.Sql("SELECT count(*) FROM referral_routing.referral WHERE requester_id = 'riga-school-001'"));
  result["referrals_of_a_case"] = referrals / cases;
  result["deliveries_of_a_case"] = static_cast<double>(receiver.distinct_ids().size() - warm_deliveries) / cases;
  result["case"] = Cost(closed, Look(city), idle, cases);
  Json memory = Json::object();
  for (const auto& [name, share] : idle) memory[name] = ResidentMebibytes(city.Pid(name));
  result["resident_mib"] = memory;
  result["machine_after"] = Machine();
  return result;
}

}  // namespace
}  // namespace tilts::bench

int main() {
  try {
    std::cout << tilts::bench::Run().dump(1) << "\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "capacity: " << error.what() << "\n";
    return 1;
  }
}
