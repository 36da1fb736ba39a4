#include "service/process_gauges.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tilts::service {
namespace {

double Seconds(core::CityTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0;
  double resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double ProcessorSeconds() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double OpenFiles() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  return error ? 0 : static_cast<double>(std::distance(begin(files), end(files)));
}

}  // namespace

void AddProcessGauges(metrics::Registry& registry, const core::MachineClock& machine_clock,
                      const core::CityClock& city_clock) {
  registry.AddGaugeSource("tilts_clock_machine_seconds", "The machine's clock at the scrape, since 1970.", {},
                          [&machine_clock] { return Seconds(machine_clock.Now()); });
  registry.AddGaugeSource("tilts_clock_city_seconds", "The city's clock at the scrape, since 1970.", {},
                          [&city_clock] { return Seconds(city_clock.Now()); });
  registry.AddGaugeSource("tilts_process_resident_bytes", "Memory in use.", {}, ResidentBytes);
  registry.AddGaugeSource("tilts_process_processor_seconds", "Processor time used since the start.", {},
                          ProcessorSeconds);
  registry.AddGaugeSource("tilts_process_open_files", "Open files and connections.", {}, OpenFiles);
}

}  // namespace tilts::service
