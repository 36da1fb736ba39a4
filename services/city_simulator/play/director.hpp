#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/city/report_plan.hpp"
#include "city_simulator/law/world.hpp"
#include "city_simulator/ledger/ledger.hpp"
#include "city_simulator/play/agenda.hpp"
#include "city_simulator/play/city_clock.hpp"
#include "city_simulator/play/inbox.hpp"
#include "city_simulator/play/manners.hpp"
#include "city_simulator/play/progress.hpp"
#include "city_simulator/play/rest.hpp"
#include "city_simulator/play/witness.hpp"

namespace tilts::city_simulator {

// Everything a run is played with; lives as long as the run.
struct Stage {
  CityOptions options;
  Api& api;
  Caller operator_caller;
  const Canary& canary;
  const Directory& directory;
  const Parties& parties;
  CityClock& clock;
  Inbox& inbox;
  Ledger& ledger;
  World& world;
  Witness& witness;
  Progress& progress;
};

class SchoolLife;

// Plays the city through its days: steps the clock to whatever comes next, lets the institutions report and answer, and
// waits for rest each time before it goes on.
class Director {
 public:
  // Without schools nothing is told of learners.
  Director(Stage& stage, SchoolLife* schools) : stage_(stage), schools_(schools) {}

  // False: the city could not be played to its end; the ledger says why.
  bool Play(const std::vector<PlannedReport>& reports);

 private:
  bool StepTo(Instant at);
  bool Settle();
  // The earliest of what the world and the schools wait for.
  std::optional<Instant> NextDue() const;
  void ShowProgress(Instant at);
  void OpenLetters();
  void OpenAsCoordinator(const Letter& letter);
  void OpenAsRecipient(const Letter& letter);

  void Report(const PlannedReport& report, Instant at);
  void SendAgain(const PlannedReport& report, const std::string& id);
  void Make(std::size_t referral, const PlannedMove& move, Instant at);
  void ReadOn(std::size_t referral);
  void CheckView(const referrals::v1::Referral& seen, std::size_t referral);
  void ConsiderClosing(std::size_t case_index, Instant at);
  void Close(std::size_t case_index, Instant at);
  // Whoever still owes an answer gives it; then every case is closed.
  bool WindUp();

  Api::Door DoorFor(const std::string& what);
  const Caller& CallerOf(const std::string& institution) const { return stage_.parties.callers.at(institution); }
  std::string RequestId(const std::string& what);
  Bearing BearingOf(std::size_t referral) const;

  Stage& stage_;
  SchoolLife* schools_;
  Agenda agenda_;
  std::map<unsigned, const PlannedReport*> reports_;
  std::set<std::size_t> closing_;
  std::vector<Letter> unopened_;
  Rest rest_;
  std::uint64_t requests_ = 0;
  bool winding_up_ = false;
};

}  // namespace tilts::city_simulator
