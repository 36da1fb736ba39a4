// A school year's attendance on the log, and how fast risk_scoring takes it in.
//   fill   writes the records; prints what was written
//   limit  reads the topic with nothing but librdkafka
//   watch  follows the service's stored offsets from the first batch it wrote to the end of the log
// Each prints one JSON object.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>

#include "attendance.hpp"
#include "bare_kafka.hpp"
#include "kafka/admin.hpp"
#include "redis/redis.hpp"
#include "testing/wait_for.hpp"

namespace tilts::bench {
namespace {

constexpr char kLearning[] = "tilts.learning.v1";
constexpr char kRisk[] = "tilts.risk.v1";
constexpr char kGroup[] = "risk-scoring";

template <typename T>
T Must(core::Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

class Log {
 public:
  explicit Log(const PrivateRun& run)
      : brokers(run.Setting("TILTS_SERVERS_KAFKA")),
        admin_(Must(kafka::Admin::Create({.brokers = brokers, .client_id = "bench"}))) {}
  std::vector<events::Watermarks> Marks(const char* topic) { return Must(admin_->Describe(topic)); }

  const std::string brokers;

 private:
  std::unique_ptr<kafka::Admin> admin_;
};

// What the service keeps, read beside it.
class Store {
 public:
  explicit Store(const PrivateRun& run, std::size_t partitions)
      : redis_({.port = std::stoi(run.Setting("TILTS_SERVERS_REDIS_PORT"))}), partitions_(partitions) {}

  // Sum of the next offsets, all partitions.
  std::int64_t Position() {
    std::int64_t sum = 0;
    for (const redis::Reply& reply : Ask("GET", "offset")) {
      if (const auto text = Must(reply.AsOptionalText())) sum += std::stoll(*text);
    }
    return sum;
  }
  std::int64_t Pupils() {
    std::int64_t sum = 0;
    for (const redis::Reply& reply : Ask("HLEN", "live:pupils")) sum += Must(reply.AsInteger());
    return sum;
  }
  double UsedBytes() {
    const std::string text = Must(Must(redis_.Command({"INFO", "memory"})).AsText());
    const std::string name = "used_memory:";
    return std::stod(text.substr(text.find(name) + name.size()));
  }

 private:
  std::vector<redis::Reply> Ask(const std::string& command, const std::string& key) {
    std::vector<redis::Arguments> commands;
    for (std::size_t i = 0; i < partitions_; ++i) {
      commands.push_back({command, std::string("{") + kGroup + ":" + kLearning + ":" + std::to_string(i) + "}:" + key});
    }
    std::vector<redis::Reply> replies;
    for (auto& reply : Must(redis_.Pipeline(commands))) replies.push_back(Must(std::move(reply)));
    return replies;
  }

  redis::Redis redis_;
  const std::size_t partitions_;
};

Json Fill(const PrivateRun& run, int facts) {
  Log log(run);
  BareProducer producer(log.brokers, kLearning);
  const int pupils = std::max(1, facts / kSchoolDays);
  Json sums = {0, 0, 0, 0, 0};
  std::array<std::uint64_t, 5> lessons{};
  std::uint64_t bytes = 0;
  const auto send = [&](const events::Draft& draft) {
    bytes += draft.value.size();
    producer.Send(draft.partition.value_or(-1), draft.key, draft.value);
  };
  const Meter meter({});
  for (int pupil = 0; pupil < pupils; ++pupil) send(Must(EnrolmentOf(pupil)));
  for (int n = 0; n < kSchoolDays; ++n) {
    for (int pupil = 0; pupil < pupils; ++pupil) {
      send(Must(AttendanceOf(pupil, n)));
      const Lessons one = LessonsOf(pupil, n);
      const std::array<std::uint32_t, 5> counts = {one.offered, one.late, one.unknown, one.excused, one.unexcused};
      for (std::size_t i = 0; i < counts.size(); ++i) lessons[i] += counts[i];
    }
    // A day is closed after all that was said of it.
    producer.Finish();
    for (const events::Draft& draft : Must(CloseOf(n))) send(draft);
  }
  producer.Finish();
  for (std::size_t i = 0; i < lessons.size(); ++i) sums[i] = lessons[i];
  return {{"facts", static_cast<std::int64_t>(pupils) * kSchoolDays},
          {"pupils", pupils},
          {"school_days", kSchoolDays},
          {"records", SumOfEnds(log.Marks(kLearning))},
          {"bytes", bytes},
          {"first_day", SchoolDay(0)},
          {"lessons", sums},
          {"seconds", meter.Seconds()}};
}

Json Limit(const PrivateRun& run) {
  Log log(run);
  return ToJson(ConsumeBare(log.brokers, kLearning, log.Marks(kLearning)));
}

// From `from` records on; the processor time is the service's and Redis' together.
Json SpanOf(const Meter& meter, std::int64_t from, std::int64_t to) {
  const double processor = meter.ProcessorSecondsOf("risk-scoring") + meter.ProcessorSecondsOf("redis");
  return ToJson(Span{static_cast<std::uint64_t>(to - from), 0, meter.Seconds(), processor});
}

Json Watch(const PrivateRun& run, int limit_seconds) {
  Log log(run);
  const auto marks = log.Marks(kLearning);
  const std::int64_t end = SumOfEnds(marks);
  Store store(run, marks.size());
  const std::chrono::seconds limit(limit_seconds);
  const std::map<std::string, pid_t> processes = {
      {"risk-scoring", run.Pid("risk-scoring")}, {"redis", run.Pid("redis")}, {"kafka", run.Pid("kafka")}};
  const double empty = store.UsedBytes();
  std::int64_t from = 0;
  if (!testing::WaitFor([&] { return (from = store.Position()) > 0; }, limit))
    throw std::runtime_error("nothing is read");
  const Meter whole(processes);
  std::int64_t half = 0;
  if (!testing::WaitFor([&] { return (half = store.Position()) >= end / 2; }, limit)) throw std::runtime_error("stuck");
  const Meter second(processes);
  const double first_half_seconds = whole.Seconds();
  std::int64_t now = half;
  if (!testing::WaitFor([&] { return (now = store.Position()) >= end; }, limit)) {
    throw std::runtime_error("stuck at " + std::to_string(now) + " of " + std::to_string(end));
  }
  Json result{{"whole", SpanOf(whole, from, end)}, {"second_half", SpanOf(second, half, end)}};
  result["processor_seconds_of"] = whole.Processors();
  result["first_half_records_per_second"] = static_cast<double>(half - from) / first_half_seconds;
  const auto pupils = static_cast<double>(store.Pupils());
  result["redis"] = {{"pupils", store.Pupils()},
                     {"used_bytes", store.UsedBytes() - empty},
                     {"bytes_per_pupil", (store.UsedBytes() - empty) / std::max(1.0, pupils)}};
  result["service_resident_mib"] = ResidentMebibytes(run.Pid("risk-scoring"));
  result["outputs"] = SumOfEnds(log.Marks(kRisk));
  return result;
}

}  // namespace
}  // namespace tilts::bench

int main(int argc, char** argv) {
  using namespace tilts::bench;
  std::string run;
  int facts = 5'000'000;
  int limit = 1'200;
  CLI::App app{"Measures the replay of a school year."};
  app.require_subcommand(1);
  app.add_option("--run", run, "directory of the private servers and services")->required();
  CLI::App* fill = app.add_subcommand("fill", "writes a school year of attendance");
  fill->add_option("--facts", facts)->check(CLI::Range(kSchoolDays, 100'000'000));
  CLI::App* consume = app.add_subcommand("limit", "only reads it");
  CLI::App* watch = app.add_subcommand("watch", "follows the service through it");
  watch->add_option("--limit-seconds", limit);
  CLI11_PARSE(app, argc, argv);
  try {
    const PrivateRun servers(run);
    const Json result = fill->parsed()      ? Fill(servers, facts)
                        : consume->parsed() ? Limit(servers)
                                            : Watch(servers, limit);
    (void)watch;
    std::cout << result.dump() << "\n";
    return 0;
  } catch (const std::exception& fault) {
    std::cerr << fault.what() << "\n";
    return 1;
  }
}
