#pragma once

#include <tilts/notification/v1/notification_service.pb.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/ledger/ledger.hpp"
#include "city_simulator/play/setup.hpp"
#include "city_simulator/receivers/webhook_server.hpp"
#include "city_simulator/scan/scanner.hpp"

namespace tilts::city_simulator {

// One notice that arrived at an institution's door and was accepted there.
struct Letter {
  std::string institution;
  unsigned order = 1;
  std::string webhook_id;
  notification::v1::Notice notice;
  Instant at;
};

// All doors of the city: verifies signatures as a recipient must, refuses what is not signed, misbehaves where the plan
// says so, and keeps what was delivered until the institutions open it. Called from the receivers' threads.
class Inbox {
 public:
  Inbox(Scanner& scanner, Ledger& ledger) : scanner_(scanner), ledger_(ledger) {}

  void Open(const Parties& parties);
  void SetTime(Instant at);
  // From `from` until `until` this door answers `reply` and keeps nothing: the sender has to come again.
  void CloseDoor(const std::string& institution, unsigned order, Instant from, Instant until, Reply reply);
  bool IsClosed(const std::string& institution, unsigned order, Instant at) const;

  Reply Receive(const Arrival& arrival);
  std::vector<Letter> TakeNew();
  std::uint64_t attempts() const;

 private:
  struct Trouble {
    Instant from;
    Instant until;
    Reply reply;
  };
  using Door = std::pair<std::string, unsigned>;

  const Trouble* TroubleAt(const Door& door, Instant at) const;
  Reply Keep(const Arrival& arrival, const Door& door);

  Scanner& scanner_;
  Ledger& ledger_;
  mutable std::mutex mutex_;
  std::map<Door, std::string> secrets_;
  std::multimap<Door, Trouble> troubles_;
  std::map<std::string, std::string> delivered_;  // webhook-id -> body
  std::map<std::string, std::string> events_;     // door and event id -> webhook-id
  std::vector<Letter> fresh_;
  std::uint64_t attempts_ = 0;
  Instant now_;
};

}  // namespace tilts::city_simulator
