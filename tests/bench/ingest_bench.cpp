// What the door for facts takes by gRPC: authenticated, checked, pupil numbers resolved, on the log and acknowledged.
// Beside it, in the same run: a bare producer of the very records that came out, and servers that give the very
// requests back. Prints one JSON object; fails when the log does not hold exactly what was acknowledged.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "attendance.hpp"
#include "bare_kafka.hpp"
#include "ingest_load.hpp"
#include "kafka/admin.hpp"
#include "testing/wait_for.hpp"

namespace tilts::bench {
namespace {

constexpr char kLearning[] = "tilts.learning.v1";
constexpr char kRaw[] = "bench.raw.v1";
constexpr int kPartitions = 24;
constexpr std::size_t kRawMessages = 200'000;
constexpr double kMostFactsPerSecond = 150'000;

struct Options {
  std::string run;
  int schools = 20;
  int pupils = 600;
  double seconds = 20;
  int connections = 16;
  std::string echo_port;
  std::string own_echo_port;
};

std::vector<events::Watermarks> Describe(kafka::Admin& admin, const std::string& topic) {
  auto marks = admin.Describe(topic);
  if (!marks) throw std::runtime_error(topic + ": " + marks.error().message);
  return *std::move(marks);
}

Json Percentiles(std::vector<double> samples) {
  if (samples.empty()) return nullptr;
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double share) {
    return samples[std::min(samples.size() - 1, static_cast<std::size_t>(share * static_cast<double>(samples.size())))];
  };
  return {{"calls", samples.size()}, {"p50_ms", at(0.5)}, {"p99_ms", at(0.99)}};
}

Json Door(const PrivateRun& run, const std::vector<Call>& calls, Pusher& pusher, double seconds) {
  const Meter meter(
      {{"case-intake", run.Pid("case-intake")}, {"registry", run.Pid("registry")}, {"kafka", run.Pid("kafka")}});
  const double own_before = OwnProcessorSeconds();
  const Answers answers = pusher.Push(calls, seconds);
  const double wall = meter.Seconds();
  const double ours = meter.ProcessorSecondsOf("case-intake") + meter.ProcessorSecondsOf("registry");
  Json processors = meter.Processors();
  processors["load"] = OwnProcessorSeconds() - own_before;
  const Span span{answers.accepted, 0, wall, ours};
  Json result = ToJson(span);
  result["held"] = answers.held;
  result["refused"] = answers.refused;
  result["failed_calls"] = answers.failed_calls;
  result["first_failure"] = answers.first_failure;
  result["latency"] = Percentiles(answers.milliseconds);
  result["processor_seconds_of"] = processors;
  result["resident_mib"] = ResidentMebibytes(run.Pid("case-intake"));
  return result;
}

Json EchoFigures(const std::string& port, pid_t pid, const Vendor& vendor, const std::vector<Call>& calls,
                 const Options& options) {
  Pusher pusher("127.0.0.1:" + port, vendor, options.connections);
  const Meter meter({{"echo", pid}});
  const Answers answers = pusher.Echo(calls, options.seconds / 2);
  Json result = ToJson(Span{answers.accepted, 0, meter.Seconds(), meter.ProcessorSecondsOf("echo")});
  result["failed_calls"] = answers.failed_calls;
  result["latency"] = Percentiles(answers.milliseconds);
  return result;
}

double Ratio(const Json& ours, const Json& limit, const char* figure) {
  const double below = limit.at(figure).get<double>();
  return below > 0 ? ours.at(figure).get<double>() / below : 0;
}

int Measure(const Options& options) {
  const PrivateRun run(options.run);
  const std::string brokers = run.Setting("TILTS_SERVERS_KAFKA");
  auto admin = kafka::Admin::Create({.brokers = brokers, .client_id = "bench"}).value();
  Json result{{"bench", "ingest"}, {"machine", Machine()}};

  std::uint64_t enrolled = 0;
  const Vendor vendor = Enrol(run, options.schools, options.pupils, enrolled);
  const auto on_log = [&] { return static_cast<std::uint64_t>(SumOfEnds(Describe(*admin, kLearning))); };
  if (!testing::WaitFor([&] { return on_log() == enrolled; }, std::chrono::seconds(60))) {
    throw std::runtime_error("the enrolments did not all reach the log");
  }
  const double round = static_cast<double>(options.schools) * options.pupils * kDaysPushed;
  const auto rounds = static_cast<std::uint32_t>(1 + options.seconds * kMostFactsPerSecond / round);
  std::vector<Call> calls = CallsOf(vendor, options.pupils, 1, rounds);
  const auto warm = static_cast<std::ptrdiff_t>(calls.size() / rounds / kDaysPushed * 3);
  Pusher pusher(run.Address("case-intake"), vendor, options.connections);
  const std::vector<Call> first_days(calls.begin(), calls.begin() + warm);
  calls.erase(calls.begin(), calls.begin() + warm);
  std::uint64_t acknowledged = enrolled + pusher.Push(first_days, 60).accepted;

  result["input"] = {{"schools", options.schools},
                     {"pupils", enrolled},
                     {"facts_of_a_call", kFactsOfACall},
                     {"connections", options.connections},
                     {"request_bytes", calls.front().request.size()}};
  result["door"] = Door(run, calls, pusher, options.seconds);
  acknowledged += result["door"]["records"].get<std::uint64_t>();
  const std::uint64_t held_by_log = on_log();
  result["log"] = {{"acknowledged", acknowledged}, {"end_offsets", held_by_log}};

  const auto marks = Describe(*admin, kLearning);
  const std::vector<Message> messages = ReadMessages(brokers, kLearning, marks, kRawMessages);
  if (!admin->EnsureTopics({events::Topic{kRaw, kPartitions, 1, false, false}}))
    throw std::runtime_error("no raw topic");
  result["bare_producer"] = ToJson(ProduceBare(brokers, kRaw, messages, options.seconds / 2));
  result["consume_only"] = ToJson(ConsumeBare(brokers, kLearning, marks));
  result["bare_echo"] = EchoFigures(options.echo_port, run.Pid("echo"), vendor, calls, options);
  result["own_echo"] = EchoFigures(options.own_echo_port, run.Pid("own-echo"), vendor, calls, options);
  result["ratios"] = {
      {"to_bare_producer", Ratio(result["door"], result["bare_producer"], "records_per_second")},
      {"to_bare_echo_per_processor", Ratio(result["door"], result["bare_echo"], "records_per_processor_second")},
      {"to_own_echo_per_processor", Ratio(result["door"], result["own_echo"], "records_per_processor_second")}};
  result["machine_after"] = Machine();
  std::cout << result.dump(1) << "\n";
  if (acknowledged == held_by_log) return 0;
  std::cerr << "the log holds " << held_by_log << " records, " << acknowledged << " were acknowledged\n";
  return 1;
}

}  // namespace
}  // namespace tilts::bench

int main(int argc, char** argv) {
  tilts::bench::Options options;
  CLI::App app{"Measures the door for facts beside its limits."};
  app.add_option("--run", options.run, "directory of the private servers and services")->required();
  app.add_option("--schools", options.schools)->check(CLI::Range(1, 101));
  app.add_option("--pupils", options.pupils, "of each school")->check(CLI::Range(100, 3'000));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(1.0, 600.0));
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 256));
  app.add_option("--echo-port", options.echo_port)->required();
  app.add_option("--own-echo-port", options.own_echo_port)->required();
  CLI11_PARSE(app, argc, argv);
  try {
    return tilts::bench::Measure(options);
  } catch (const std::exception& fault) {
    std::cerr << fault.what() << "\n";
    return 1;
  }
}
