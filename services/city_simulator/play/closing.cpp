#include "city_simulator/play/closing.hpp"

#include <tilts/audit/v1/audit_service.pb.h>
#include <tilts/notification/v1/notification_service.pb.h>

#include <algorithm>

#include "city_simulator/scan/kafka_reader.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes

class Reader {
 public:
  Reader(Stage& stage, Instant began) : stage_(stage), began_(began) {}

  void Reports(const std::vector<PlannedReport>& reports) {
    for (const PlannedReport& report : reports) {
      const std::string id = stage_.witness.IdOfReport(report.number);
      intake::v1::GetReportRequest request;
      request.set_report_id(id);
      intake::v1::GetReportResponse response;
      if (id.empty() || !Ask(report.reporter, "tilts.intake.v1.IntakeService/GetReport", request, response)) continue;
      stage_.ledger.See(Kind::kReport, "report-" + std::to_string(report.number) + " by " + report.reporter,
                        InstantOf(response.received_at()));
      for (const CaseModel& file : stage_.world.cases()) {
        const bool mine = std::find(file.reports.begin(), file.reports.end(), report.number) != file.reports.end();
        if (mine && response.outcome() != file.outcome) {
          stage_.ledger.Complain("the reporter of report-" + std::to_string(report.number) + " is told " +
                                 CaseOutcome_Name(response.outcome()));
        }
      }
    }
  }

  void Cases() {
    for (std::size_t index = 0; index < stage_.world.cases().size(); ++index) {
      const CaseModel& file = stage_.world.cases()[index];
      if (file.is_notice) continue;
      stage_.ledger.Expect(Kind::kCase, stage_.world.CaseEntry(file), file.opened);
    }
    // Every institution lists what it coordinates: a case too many shows here.
    for (const auto& [institution, caller] : stage_.parties.callers) {
      intake::v1::ListCasesRequest request;
      request.set_page_size(200);
      do {
        intake::v1::ListCasesResponse response;
        if (!Ask(institution, "tilts.intake.v1.IntakeService/ListCases", request, response)) break;
        for (const auto& file : response.cases()) {
          if (InstantOf(file.opened_at()) > began_) ReadCase(institution, file.case_id());
        }
        request.set_page_token(response.next_page_token());
      } while (!request.page_token().empty());
    }
  }

  void Referrals() {
    for (const ReferralModel& referral : stage_.world.referrals()) {
      stage_.ledger.Expect(Kind::kReferral, stage_.world.ReferralEntry(referral), referral.requested);
    }
    for (const auto& [institution, caller] : stage_.parties.callers) {
      referrals::v1::ListReferralsRequest request;
      request.set_page_size(200);
      do {
        referrals::v1::ListReferralsResponse response;
        if (!Ask(institution, "tilts.referrals.v1.ReferralService/ListReferrals", request, response)) break;
        for (const auto& referral : response.referrals()) {
          const Instant requested = InstantOf(referral.requested_at());
          if (requested > began_) stage_.ledger.See(Kind::kReferral, stage_.witness.EntryOf(referral), requested);
        }
        request.set_page_token(response.next_page_token());
      } while (!request.page_token().empty());
    }
  }

  void Escalations() {
    for (const std::string& entry : stage_.world.escalations()) stage_.ledger.Expect(Kind::kEscalation, entry, began_);
  }

  void Deliveries() {
    for (const auto state : {notification::v1::DELIVERY_STATE_PENDING, notification::v1::DELIVERY_STATE_PARKED}) {
      notification::v1::ListDeliveriesRequest request;
      request.set_state(state);
      notification::v1::ListDeliveriesResponse response;
      if (!Ask(stage_.operator_caller.institution, "tilts.notification.v1.NotificationService/ListDeliveries", request,
               response))
        return;
      for (const auto& delivery : response.deliveries()) {
        if (stage_.witness.ignores(delivery.referral_id())) continue;
        stage_.ledger.Complain("a delivery to " + delivery.institution_id() + " is " + DeliveryState_Name(state) +
                               ": " + delivery.last_failure());
      }
    }
  }

 private:
  template <typename Response>
  bool Ask(const std::string& institution, const char* method, const google::protobuf::Message& request,
           Response& response) {
    const bool as_operator = institution == stage_.operator_caller.institution;
    const Caller& caller = as_operator ? stage_.operator_caller : stage_.parties.callers.at(institution);
    const Called called = stage_.api.Call(caller, method, request, &response);
    if (!called.ok())
      stage_.ledger.Complain(std::string(method) + " answered " + institution + " " + std::to_string(called.status) +
                             " " + called.problem);
    return called.ok();
  }

  void ReadCase(const std::string& institution, const std::string& id) {
    intake::v1::GetCaseRequest request;
    request.set_case_id(id);
    intake::v1::GetCaseResponse response;
    if (!Ask(institution, "tilts.intake.v1.IntakeService/GetCase", request, response)) return;
    if (!stage_.witness.knows_case(id)) stage_.witness.KnowCase(response.case_file());
    stage_.ledger.See(Kind::kCase, stage_.witness.EntryOf(response.case_file()),
                      InstantOf(response.case_file().opened_at()));
  }

  Stage& stage_;
  const Instant began_;
};

}  // namespace

void ReadBack(Stage& stage, Feeds& feeds, const std::vector<PlannedReport>& reports, Instant began) {
  Reader reader(stage, began);
  reader.Reports(reports);
  reader.Cases();
  reader.Referrals();
  reader.Escalations();
  reader.Deliveries();
  feeds.Compare(stage.api, stage.parties, stage.world, stage.witness, stage.ledger);
}

std::string LeaveAsideWhatIsOpen(Api& api, const Parties& parties, Witness& witness, unsigned& left) {
  for (const auto& [institution, caller] : parties.callers) {
    referrals::v1::ListReferralsRequest request;
    request.set_page_size(200);
    request.set_only_open(true);
    do {
      referrals::v1::ListReferralsResponse response;
      const Called called = api.Call(caller, "tilts.referrals.v1.ReferralService/ListReferrals", request, &response);
      if (!called.ok()) return institution + " cannot list its referrals: " + called.problem;
      for (const auto& referral : response.referrals()) witness.Ignore(referral.facts().referral_id());
      left += static_cast<unsigned>(response.referrals_size());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
  }
  return {};
}

bool CountAudit(Api& api, const Caller& operator_caller, std::uint64_t& records) {
  audit::v1::ListChainsResponse response;
  const Called called =
      api.Call(operator_caller, "tilts.audit.v1.AuditService/ListChains", audit::v1::ListChainsRequest{}, &response);
  records = response.caller_records();
  return called.ok();
}

std::vector<std::string> SearchRun(const RunFolder& run, Scanner& scanner) {
  std::vector<std::string> complaints;
  const KafkaReading reading = ReadAllRecords(run.kafka, "tilts.", [&](std::string_view where, std::string_view bytes) {
    scanner.Look("kafka", where, bytes);
  });
  if (!reading.failure.empty()) complaints.push_back("Kafka could not be searched: " + reading.failure);
  for (const std::string& path : run.LogFiles()) scanner.LookIntoFile("log", path);
  for (const std::string& url : run.metrics_urls) {
    const RawAnswer answer = SendHttp("GET", url, {}, {});
    if (answer.status != 200) complaints.push_back("metrics of " + url + " could not be searched");
    scanner.Look("metric", url, answer.body);
  }
  return complaints;
}

void ScanEverything(const RunFolder& run, Scanner& scanner, Ledger& ledger) {
  for (const std::string& complaint : SearchRun(run, scanner)) ledger.Complain(complaint);
  const auto looked_at = scanner.looked_at();
  for (const char* channel : {"kafka", "log", "metric", "url", "webhook", "error"}) {
    if (!looked_at.contains(channel))
      ledger.Complain(std::string("no ") + channel + " was searched, so nothing is known of it");
  }
  const auto leaks = scanner.leaks();
  ledger.SeeLeaks(leaks.size());
  for (const Scanner::Leak& leak : leaks) ledger.Complain("leaked into " + leak.channel + " at " + leak.where);
}

void CheckCoverage(const Stage& stage, const Books& books, const std::vector<PlannedReport>& reports) {
  for (const std::string& rule : books.rules.ids()) {
    if (!stage.world.rules_matched().contains(rule)) stage.ledger.Complain("no report met the rule " + rule);
  }
  std::set<InstitutionKind> reached;
  for (const ReferralModel& referral : stage.world.referrals()) {
    if (const auto* recipient = stage.directory.Find(referral.recipient)) reached.insert(recipient->kind());
  }
  for (const InstitutionKind kind : books.rules.kinds()) {
    if (!reached.contains(kind)) stage.ledger.Complain("nothing reached a " + InstitutionKind_Name(kind));
  }
  const auto at_night = std::count_if(reports.begin(), reports.end(), [](const PlannedReport& report) {
    const auto hour = std::chrono::floor<std::chrono::hours>(InRiga(report.at).since_midnight).count();
    return hour >= 22 || hour < 6;
  });
  if (at_night < 2) stage.ledger.Complain("fewer than two nights in which something happened");
  if (stage.world.escalations().size() < 5) stage.ledger.Complain("fewer than five escalations");
  if (stage.world.reroutes() < 3) stage.ledger.Complain("fewer than three re-routes");
}

}  // namespace tilts::city_simulator
