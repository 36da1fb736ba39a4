// Command-to-webhook latency beside the sum of its floors (commits, broker acks, POSTs) measured in the same run, and
// what all services together hold and use while idle. Prints one JSON object.
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <thread>

#include "events/record.hpp"
#include "kafka/producer.hpp"
#include "load.hpp"
#include "measure.hpp"
#include "postgres/database.hpp"

namespace tilts::e2e {
namespace {

using bench::ProcessorSeconds;
using bench::ResidentMebibytes;
using Clock = std::chrono::steady_clock;
const std::vector<std::string> kServices{"gateway",          "registry",     "case-intake",
                                         "referral-routing", "notification", "audit"};

double Milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

Json Percentiles(std::vector<double> samples) {
  if (samples.empty()) return nullptr;
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double share) {
    return samples[std::min(samples.size() - 1, static_cast<std::size_t>(share * static_cast<double>(samples.size())))];
  };
  return {{"samples", samples.size()}, {"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}};
}

template <typename Act>
std::vector<double> Measure(int count, const Act& act) {
  std::vector<double> samples;
  for (int i = 0; i < count; ++i) {
    const auto start = Clock::now();
    act();
    samples.push_back(Milliseconds(Clock::now() - start));
  }
  return samples;
}

Json Floors(City& city, Receiver& receiver, int count) {
  std::ifstream file(city.Setting("TILTS_SERVERS_POSTGRES_PASSWORD_FILE"));
  std::string password;
  file >> password;
  postgres::Database database({.port = std::stoi(city.Setting("TILTS_SERVERS_POSTGRES_PORT")),
                               .database = "postgres",
                               .user = "postgres",
                               .password = password,
                               .schema = "public",
                               .application_name = "bench"});
  (void)database.Query("CREATE TABLE IF NOT EXISTS bench_floor (id bigserial, text text)");
  auto producer =
      kafka::Producer::Create({.brokers = city.Setting("TILTS_SERVERS_KAFKA"), .client_id = "bench"}).value();
  http::HttpClient client({.allow_private_networks = true});
  const events::OutgoingRecord record{
      .topic = "tilts.plan.v1", .key = "bench", .event_id = "bench", .value = std::string(300, 'x')};
  Json floors;
  floors["commit"] =
      Percentiles(Measure(count, [&] { (void)database.Query("INSERT INTO bench_floor (text) VALUES ('x')"); }));
  floors["broker_ack"] = Percentiles(Measure(count, [&] { (void)producer->Publish(std::span(&record, 1)); }));
  floors["post"] = Percentiles(Measure(count, [&] {
    (void)client.SendAndWait({.method = "POST", .url = receiver.url(), .body = std::string(300, 'x')});
  }));
  return floors;
}

// Time from the first byte of the report to the first byte of the police's webhook, one report at a time.
std::vector<double> CommandToWebhook(City& city, Receiver& receiver, const Caller& school, int count) {
  std::vector<double> samples;
  for (int i = 0; i < count; ++i) {
    const std::size_t before = receiver.hooks().size();
    const Json report = DangerReport(city, city.Fresh("bench"), school.institution, city.Fresh("child"));
    const auto start = Clock::now();
    if (!city.Post("/v1/reports", school, report).ok()) continue;
    if (!Eventually([&] { return receiver.hooks().size() > before; })) continue;
    samples.push_back(Milliseconds(receiver.hooks()[before].at - start));
  }
  return samples;
}

Json Idle(City& city, std::chrono::seconds span) {
  Json services;
  double memory = 0, share = 0;
  std::map<std::string, double> before;
  for (const std::string& name : kServices) before[name] = ProcessorSeconds(city.Pid(name));
  std::this_thread::sleep_for(span);
  for (const std::string& name : kServices) {
    const double used = (ProcessorSeconds(city.Pid(name)) - before[name]) / static_cast<double>(span.count());
    const double resident = ResidentMebibytes(city.Pid(name));
    services[name] = {{"resident_mib", resident}, {"core_percent", 100 * used}};
    memory += resident;
    share += used;
  }
  return {{"services", services}, {"resident_mib", memory}, {"core_percent", 100 * share}, {"seconds", span.count()}};
}

Json Run() {
  City& city = City::Get();
  const Caller school = city.For("riga-school-001");
  const Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));
  Receiver receiver;
  city.Post("/v1/endpoints", police, {{"request_id", city.Fresh("endpoint")}, {"url", receiver.url()}, {"order", 1}});
  (void)CommandToWebhook(city, receiver, school, 20);  // warm
  Json result;
  result["command_to_webhook"] = Percentiles(CommandToWebhook(city, receiver, school, 200));
  result["floors"] = Floors(city, receiver, 200);
  const auto floor = [&](const char* which) {
    const Json& f = result["floors"];
    // report POST + 3 commits (intake, routing, notification) + 2 acks (case event, referral event) + webhook POST
    return 2 * f["post"][which].get<double>() + 3 * f["commit"][which].get<double>() +
           2 * f["broker_ack"][which].get<double>();
  };
  result["floor_sum"] = {{"p50_ms", floor("p50_ms")}, {"p99_ms", floor("p99_ms")}};
  (void)city.WaitAtRest();
  result["idle"] = Idle(city, std::chrono::seconds(30));
  return result;
}

}  // namespace
}  // namespace tilts::e2e

int main() {
  std::cout << tilts::e2e::Run().dump(1) << "\n";
  return 0;
}
