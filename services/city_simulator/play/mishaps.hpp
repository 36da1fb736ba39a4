#pragma once

#include <vector>

#include "city_simulator/city/report_plan.hpp"
#include "city_simulator/law/world.hpp"
#include "city_simulator/ledger/ledger.hpp"
#include "city_simulator/play/inbox.hpp"

namespace tilts::city_simulator {

// Doors that do not answer as they should, each while something is on its way to it: an error, an overload, a redirect
// into a private network, a receiver that hangs, and the police's first door on the night a child is threatened.
void PlanMishaps(const std::vector<PlannedReport>& reports, Inbox& inbox);

// Calls that must be refused and whose refusals the scanner reads: without a key, and with a child's name where an id
// belongs.
void CallRudely(Api& api, const Parties& parties, const Canary& canary, Ledger& ledger);

// Which deliveries a notice must lead to: to the door of its channel, else the first one; imminent danger that stays
// outside that door for two minutes goes to the next one as well.
void ExpectDeliveries(const ExpectedNotice& notice, const Parties& parties, const Inbox& inbox, Ledger& ledger);

}  // namespace tilts::city_simulator
