#include "city_simulator/play/simulation.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>

#include "city_simulator/play/closing.hpp"
#include "city_simulator/play/learner_closing.hpp"
#include "city_simulator/play/mishaps.hpp"
#include "city_simulator/play/school_life.hpp"
#include "city_simulator/time/school_year.hpp"
#include "city_simulator/truth/card.hpp"

namespace tilts::city_simulator {
namespace {

constexpr std::uint32_t kReceivers = 90;  // offset from the port base

// The next school day's morning: a city that was played before goes on from there.
Day FirstDay(Instant now) {
  return SchoolDays(InRiga(now).day + std::chrono::days{1}, 1).front();
}

bool Fail(const std::string& why) {
  std::printf("main job: NOT BALANCED, the city could not be played: %s\n", why.c_str());
  return false;
}

bool ReadBooks(const std::string& source, Books& books) {
  Reading reading;
  books.levels.Read(source + "/services/case_intake/data/levels.json", reading);
  books.rules.Read(source + "/services/referral_routing/data/rules", reading);
  books.deadlines.Read(source + "/services/referral_routing/data", reading);
  for (const std::string& complaint : reading.complaints()) std::fprintf(stderr, "%s\n", complaint.c_str());
  return reading.complaints().empty();
}

// When the clock stands before the first school day of a year ends, the register knows the year from its beginning.
bool IsWholeYear(Instant began) {
  const auto semester = SemesterOf(InRiga(began).day);
  return semester && semester->number == 1 && InRiga(began).day == semester->year_from;
}

std::unique_ptr<SchoolLife> MakeSchools(Stage& stage, unsigned learners, const risk::v1::Card& card, Instant began) {
  if (learners == 0) return nullptr;
  LearnerOptions options;
  options.seed = stage.options.seed;
  options.run_name = stage.options.run_name;
  options.schools = stage.options.schools;
  options.learners = learners;
  options.days = SchoolDays(stage.options.first_day, stage.options.school_days);
  options.whole_year = IsWholeYear(began);
  // A day that is not over when the city begins is closed within it.
  const RigaMoment moment = InRiga(began);
  const Day first = moment.since_midnight < std::chrono::hours{20} ? moment.day : moment.day + std::chrono::days{1};
  return std::make_unique<SchoolLife>(stage, FactPlan(options, stage.canary),
                                      LearnerBook(card, DaysToClose(first, first + std::chrono::days{500})));
}

void WriteDifferences(const std::string& run, const Ledger::Verdict& verdict) {
  constexpr std::size_t kShown = 40;
  std::ofstream file(run + "/log/city-differences.txt");
  for (const std::string& line : verdict.differences) file << line << "\n";
  for (std::size_t index = 0; index < std::min(kShown, verdict.differences.size()); ++index) {
    std::printf("  %s\n", verdict.differences[index].c_str());
  }
  if (verdict.differences.size() > kShown) {
    std::printf("  and %zu more in %s/log/city-differences.txt\n", verdict.differences.size() - kShown, run.c_str());
  }
}

}  // namespace

bool Simulate(SimulationOptions options) {
  const auto machine_start = std::chrono::steady_clock::now();
  RunFolder run;
  if (const std::string failure = ReadRunFolder(options.run_path, run); !failure.empty()) return Fail(failure);
  Books books;
  if (!ReadBooks(options.source_path, books))
    return Fail("the published data files say something it does not understand");
  risk::v1::Card card;
  if (options.learners > 0) {
    if (const std::string failure = ReadPublishedCard(options.source_path, card); !failure.empty())
      return Fail(failure);
  }
  CityClock clock;
  if (const std::string failure = clock.Open(run.clock_file); !failure.empty()) return Fail(failure);
  const Instant began = clock.now();

  CityOptions& city = options.city;
  // A city that is played again is another city: its names, keys and people must not meet those of the last one.
  const auto salt =
      static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch() / std::chrono::milliseconds(1));
  city.run_name = "city-" + std::to_string(city.seed) + "-" + std::to_string(salt % 100'000'000);
  city.first_day = FirstDay(began);
  const Canary canary(city.seed, salt);
  Scanner scanner(canary.marks());
  Ledger ledger;
  Api api(run.doors, scanner);
  const Caller operator_caller{run.operator_key, "tilts-operator"};
  Progress progress;
  progress.Note("city of seed " + std::to_string(city.seed) + ": " + std::to_string(city.schools) + " schools, " +
                std::to_string(options.learners) + " learners, " + std::to_string(city.school_days) +
                " school days from " + WriteDay(city.first_day));

  Inbox inbox(scanner, ledger);
  inbox.SetTime(began);
  WebhookServer receivers([&](const Arrival& arrival) { return inbox.Receive(arrival); });
  if (const std::string failure = receivers.Start(static_cast<std::uint16_t>(run.port_base + kReceivers));
      !failure.empty()) {
    return Fail(failure);
  }
  Directory directory;
  Parties parties;
  SetupOptions setup{city.run_name, began + std::chrono::days{400}, {}};
  for (unsigned school = 1; school <= city.schools; ++school) setup.schools.push_back(SchoolId(school));
  // What others left undone is theirs: audit records that are still on their way must not be counted here.
  if (const Rest rest = AwaitRest(api, operator_caller, began, std::chrono::seconds(60)); !rest.reached)
    return Fail("no rest before it began: " + rest.trouble);
  std::uint64_t audit_before = 0;
  if (!CountAudit(api, operator_caller, audit_before)) return Fail("the audit service does not answer");
  if (const std::string failure = SetUp(api, operator_caller, setup, receivers, began, directory, parties);
      !failure.empty()) {
    return Fail(failure);
  }
  inbox.Open(parties);
  Feeds feeds;
  if (const std::string failure = feeds.Mark(api, parties); !failure.empty()) return Fail(failure);

  World world(books, directory, [&](const ExpectedNotice& notice) {
    feeds.Expect(notice);
    ExpectDeliveries(notice, parties, inbox, ledger);
  });
  Witness witness(world, ledger);
  unsigned left = 0;
  if (const std::string failure = LeaveAsideWhatIsOpen(api, parties, witness, left); !failure.empty())
    return Fail(failure);
  if (left > 0) progress.Note(std::to_string(left) + " referrals of an earlier city are open and are left aside");
  Stage stage{city, api, operator_caller, canary, directory, parties, clock, inbox, ledger, world, witness, progress};
  const auto reports = PlanReports(city, canary);
  PlanMishaps(reports, inbox);
  CallRudely(api, parties, canary, ledger);
  const std::unique_ptr<SchoolLife> schools = MakeSchools(stage, options.learners, card, began);
  ShownStatistics before;
  if (schools) {
    const std::string failure = ReadStatistics(api, parties, SchoolYearOf(city.first_day), before);
    if (!failure.empty()) ledger.Complain("before it began " + failure);
  }
  const bool played = Director(stage, schools.get()).Play(reports);
  progress.End();
  if (played) {
    ReadBack(stage, feeds, reports, began);
    if (schools && options.sabotage == "score" && !schools->book().Spoil())
      ledger.Complain("there was no score to spoil");
    if (schools) {
      ReadLearners(stage, *schools, before);
      ReadConflicts(stage, *schools, run.kafka);
    }
    // A few reports are a trial, not a city.
    if (reports.size() >= Situations().size()) CheckCoverage(stage, books, reports);
    ledger.ExpectAudit(api.audited_calls());
    const Rest rest = AwaitRest(api, operator_caller, clock.now(), std::chrono::seconds(60));
    if (!rest.reached) ledger.Complain("no rest at the end: " + rest.trouble);
    if (rest.dead_letters > 0) ledger.Complain(std::to_string(rest.dead_letters) + " dead letters");
    std::uint64_t audit_after = 0;
    if (!CountAudit(api, operator_caller, audit_after)) ledger.Complain("the audit service does not answer");
    ledger.SeeAudit(audit_after - audit_before);
    ScanEverything(run, scanner, ledger);
  }
  const bool of_what_was_seen = !options.sabotage.empty() && options.sabotage != "score";
  if (of_what_was_seen && !ledger.Sabotage(options.sabotage)) ledger.Complain("there was nothing to spoil");

  const Ledger::Verdict verdict = ledger.Close(city.seed);
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - machine_start).count();
  std::printf("%u re-routes, %zu calls, %zu deliveries attempted, %lld s\n", world.reroutes(),
              static_cast<std::size_t>(api.calls()), static_cast<std::size_t>(inbox.attempts()),
              static_cast<long long>(seconds));
  WriteDifferences(run.path, verdict);
  std::printf("%s\n", verdict.last_line.c_str());
  return verdict.balanced;
}

ScanResult ScanForMarks(const std::string& run_path, const std::vector<std::string>& marks) {
  ScanResult result;
  RunFolder run;
  if (const std::string failure = ReadRunFolder(run_path, run); !failure.empty()) {
    result.complete = false;
    result.lines.push_back(failure);
    return result;
  }
  Scanner scanner(marks);
  result.lines = SearchRun(run, scanner);
  result.complete = result.lines.empty();
  for (const auto& [channel, count] : scanner.looked_at())
    result.lines.push_back(channel + ": " + std::to_string(count) + " searched");
  for (const Scanner::Leak& leak : scanner.leaks())
    result.lines.push_back("leaked into " + leak.channel + " at " + leak.where);
  result.leaks = scanner.leaks().size();
  return result;
}

}  // namespace tilts::city_simulator
