#include "city_simulator/play/mishaps.hpp"

#include <string_view>

namespace tilts::city_simulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// As the published retry schedule says (services/notification/data/retry.json).
constexpr seconds kSecondChannelAfter{120};

struct Mishap {
  std::string_view situation;
  const char* institution;
  minutes lasts;
  Reply reply;
};

std::vector<Mishap> Mishaps() {
  return {
      {"hardship", "riga-rsd", minutes{30}, {.status = 429, .retry_after_seconds = 900}},
      {"something-else", "riga-iksd", minutes{150}, {.status = 500}},
      {"learning-difficulty", "riga-pmk", minutes{20}, {.status = 302, .location = "http://10.0.0.1/hooks"}},
      {"newcomer", "riga-riimc", minutes{90}, {.status = 503}},
      {"threat-at-home-at-night", "state-police", minutes{4}, {.status = 500}},
  };
}

}  // namespace

void PlanMishaps(const std::vector<PlannedReport>& reports, Inbox& inbox) {
  for (const Mishap& mishap : Mishaps()) {
    for (const PlannedReport& report : reports) {
      // The staged scene of each situation, so that every city has each mishap once.
      if (report.situation != mishap.situation || report.number >= Situations().size()) continue;
      inbox.CloseDoor(mishap.institution, 1, report.at - minutes{1}, report.at + mishap.lasts, mishap.reply);
    }
  }
  for (const PlannedReport& report : reports) {
    if (report.situation != "substances" || report.number >= Situations().size()) continue;
    inbox.CloseDoor("riga-ld-vp", 1, report.at, report.at + seconds{2}, {.status = 204, .after_milliseconds = 3000});
  }
}

void CallRudely(Api& api, const Parties& parties, const Canary& canary, Ledger& ledger) {
  if (const Called called = api.Get({}, "/v1/status", nullptr); called.status != 401) {
    ledger.Complain("a call without a key was answered " + std::to_string(called.status));
  }
  intake::v1::ReportConcernRequest request;
  request.set_request_id(canary.GivenName(1) + " " + canary.PersonCode(1));
  request.add_people()->set_family_name(canary.FamilyName(1));
  intake::v1::ReportConcernResponse response;
  for (const Api::Door door : {Api::Door::kHttp, Api::Door::kRpc}) {
    const Called called = api.Call(parties.callers.begin()->second, "tilts.intake.v1.IntakeService/ReportConcern",
                                   request, &response, door);
    if (called.ok()) ledger.Complain("a report under a name instead of a request id was taken");
  }
}

void ExpectDeliveries(const ExpectedNotice& notice, const Parties& parties, const Inbox& inbox, Ledger& ledger) {
  const auto doors = parties.secrets.find(notice.institution);
  if (!notice.pushed || doors == parties.secrets.end()) return;
  const unsigned order = doors->second.contains(notice.channel) ? notice.channel : 1;
  const auto expect = [&](unsigned door, Instant at) {
    ledger.Expect(Kind::kDelivery, notice.text + " -> " + notice.institution + "/" + std::to_string(door), at);
  };
  expect(order, notice.at);
  const Instant second = notice.at + kSecondChannelAfter;
  const bool stays_outside =
      inbox.IsClosed(notice.institution, order, notice.at) && inbox.IsClosed(notice.institution, order, second);
  if (notice.imminent && stays_outside && doors->second.contains(order + 1)) expect(order + 1, second);
}

}  // namespace tilts::city_simulator
