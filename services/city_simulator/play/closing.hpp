#pragma once

#include "city_simulator/play/director.hpp"
#include "city_simulator/play/feeds.hpp"
#include "city_simulator/play/run_folder.hpp"

namespace tilts::city_simulator {

// When the city has come to rest for good: reads everything back through the API, institution by institution, and
// writes both sides of the ledger.
void ReadBack(Stage& stage, Feeds& feeds, const std::vector<PlannedReport>& reports, Instant began);

// Referrals that are open before anything was played belong to a city that was not played to its end. Empty: listed.
std::string LeaveAsideWhatIsOpen(Api& api, const Parties& parties, Witness& witness, unsigned& left);

// Audit records of API calls, as the audit service counts them. False: it did not answer.
bool CountAudit(Api& api, const Caller& operator_caller, std::uint64_t& records);

// Looks into every Kafka record, log and metric of a run; says what could not be searched.
std::vector<std::string> SearchRun(const RunFolder& run, Scanner& scanner);

// Looks for canaries in every Kafka record, log and metric; URLs, webhooks and refusals were looked at on the way.
void ScanEverything(const RunFolder& run, Scanner& scanner, Ledger& ledger);

// A city that left a rule, a kind of recipient or a part of the ladder untouched proves less than it claims.
void CheckCoverage(const Stage& stage, const Books& books, const std::vector<PlannedReport>& reports);

}  // namespace tilts::city_simulator
