#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace tilts::bench {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

// User and system time of all threads of a process since it began; 0 when it is gone.
double ProcessorSeconds(pid_t pid);
double OwnProcessorSeconds();
double ResidentMebibytes(pid_t pid);
// Load average of the last minute and the processors: a figure taken on a busy machine says so.
Json Machine();

// What passed between two moments.
struct Span {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  double seconds = 0;
  double processor_seconds = 0;

  double PerSecond() const { return seconds > 0 ? static_cast<double>(records) / seconds : 0; }
  double PerProcessorSecond() const {
    return processor_seconds > 0 ? static_cast<double>(records) / processor_seconds : 0;
  }
};
Json ToJson(const Span& span);

// Wall time and the processor time of named processes since it was made.
class Meter {
 public:
  explicit Meter(std::map<std::string, pid_t> processes);

  double Seconds() const;
  double ProcessorSecondsOf(const std::string& name) const;
  Json Processors() const;

 private:
  std::map<std::string, pid_t> processes_;
  std::map<std::string, double> before_;
  Clock::time_point start_;
};

// The private servers and services that scripts/bench started in a directory.
class PrivateRun {
 public:
  explicit PrivateRun(std::string directory);

  // Of servers.env, by name; throws when there is none.
  std::string Setting(const std::string& name) const;
  // Of "kafka", "redis" or a service.
  pid_t Pid(const std::string& process) const;
  std::string Address(const std::string& service) const;
  std::string OperatorKey() const;

 private:
  std::string directory_;
  std::map<std::string, std::string> settings_;
};

}  // namespace tilts::bench
