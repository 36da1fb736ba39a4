#include "measure.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace tilts::bench {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

double ProcessorSeconds(pid_t pid) {
  const std::string text = ReadFile("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream rest(text.substr(name_end + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) rest >> skipped;
  double user = 0;
  double system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double OwnProcessorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
}

double ResidentMebibytes(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (file >> word) {
    if (word != "VmRSS:") continue;
    double kibibytes = 0;
    file >> kibibytes;
    return kibibytes / 1024;
  }
  return 0;
}

Json Machine() {
  std::ifstream file("/proc/loadavg");
  double load = 0;
  file >> load;
  return {{"processors", std::thread::hardware_concurrency()}, {"load_average", load}};
}

Json ToJson(const Span& span) {
  return {{"records", span.records},
          {"bytes", span.bytes},
          {"seconds", span.seconds},
          {"processor_seconds", span.processor_seconds},
          {"records_per_second", span.PerSecond()},
          {"records_per_processor_second", span.PerProcessorSecond()}};
}

Meter::Meter(std::map<std::string, pid_t> processes) : processes_(std::move(processes)) {
  for (const auto& [name, pid] : processes_) before_[name] = bench::ProcessorSeconds(pid);
  start_ = Clock::now();
}

double Meter::Seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

double Meter::ProcessorSecondsOf(const std::string& name) const {
  return bench::ProcessorSeconds(processes_.at(name)) - before_.at(name);
}

Json Meter::Processors() const {
  Json seconds;
  for (const auto& [name, pid] : processes_) seconds[name] = ProcessorSecondsOf(name);
  return seconds;
}

PrivateRun::PrivateRun(std::string directory) : directory_(std::move(directory)) {
  std::ifstream file(directory_ + "/servers.env");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) settings_[line.substr(0, equals)] = line.substr(equals + 1);
  }
}

std::string PrivateRun::Setting(const std::string& name) const {
  const auto found = settings_.find(name);
  if (found == settings_.end()) throw std::runtime_error(directory_ + " runs no servers that say " + name);
  return found->second;
}

pid_t PrivateRun::Pid(const std::string& process) const {
  std::ifstream file(directory_ + "/" + process + ".pid");
  pid_t pid = 0;
  file >> pid;
  if (pid <= 0) throw std::runtime_error(process + " does not run in " + directory_);
  return pid;
}

std::string PrivateRun::Address(const std::string& service) const {
  const Json client = Json::parse(ReadFile(directory_ + "/client.json"));
  return client.at("services").at(service).get<std::string>();
}

std::string PrivateRun::OperatorKey() const {
  std::ifstream file(directory_ + "/secrets/operator.key");
  std::string key;
  file >> key;
  return key;
}

}  // namespace tilts::bench
