#include "footprint.hpp"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tilts::bench {
namespace {

const std::vector<std::string> kProcesses{"gateway",      "registry", "case-intake",  "referral-routing",
                                          "notification", "audit",    "risk-scoring", "indicator-aggregation",
                                          "kafka",        "redis"};

// PostgreSQL is a process for each connection; those that have ended are in the first one's account.
double PostgresSeconds(pid_t postmaster) {
  double ticks = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "stat");
    std::string text;
    if (!std::getline(file, text)) continue;
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) continue;
    std::istringstream rest(text.substr(name_end + 2));
    std::string skipped;
    pid_t parent = 0;
    rest >> skipped >> parent;
    const bool first = entry.path().filename() == std::to_string(postmaster);
    if (!first && parent != postmaster) continue;
    for (int i = 0; i < 9; ++i) rest >> skipped;
    double user = 0;
    double system = 0;
    double ended_user = 0;
    double ended_system = 0;
    rest >> user >> system >> ended_user >> ended_system;
    ticks += user + system + (first ? ended_user + ended_system : 0);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::map<std::string, double> LogBytes(const std::string& folder) {
  std::map<std::string, double> bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string partition = entry.path().parent_path().filename().string();
    if (entry.path().extension() != ".log" || !partition.starts_with("tilts.")) continue;
    bytes[partition.substr(0, partition.rfind('-'))] += static_cast<double>(entry.file_size());
  }
  return bytes;
}

std::map<std::string, double> SqlBytes(e2e::City& city) {
  std::map<std::string, double> bytes;
  const std::string rows = city.Sql(
      "SELECT schemaname, sum(pg_total_relation_size(quote_ident(schemaname) || '.' || quote_ident(tablename))) "
      "FROM pg_tables WHERE tableowner LIKE 'tilts_%' GROUP BY 1");
  for (const std::string& row : std::vector<std::string>(absl::StrSplit(rows, '\n', absl::SkipEmpty()))) {
    const std::pair<std::string, std::string> cells = absl::StrSplit(row, '|');
    bytes[cells.first] = std::stod(cells.second);
  }
  return bytes;
}

double RedisBytes(e2e::City& city) {
  const std::string info = city.Redis("INFO memory");
  const std::size_t at = info.find("used_memory_dataset:");
  return at == std::string::npos ? 0 : std::stod(info.substr(at + 20));
}

Json Differences(const std::map<std::string, double>& before, const std::map<std::string, double>& after,
                 double units) {
  Json differences = Json::object();
  double sum = 0;
  for (const auto& [name, value] : after) {
    const auto found = before.find(name);
    const double one = (value - (found == before.end() ? 0 : found->second)) / units;
    if (one > 0) differences[name] = one;
    sum += one;
  }
  differences["all"] = sum;
  return differences;
}

}  // namespace

Footprint Look(e2e::City& city) {
  Footprint now;
  now.at = Clock::now();
  for (const std::string& name : kProcesses) now.processor_seconds[name] = ProcessorSeconds(city.Pid(name));
  now.processor_seconds["postgres"] = PostgresSeconds(city.Pid("postgres"));
  now.log_bytes = LogBytes(city.run() + "/kafka/data");
  now.sql_bytes = SqlBytes(city);
  now.sql_journal_bytes = std::stod(city.Sql("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"));
  now.redis_bytes = RedisBytes(city);
  return now;
}

std::map<std::string, double> PerSecond(const Footprint& before, const Footprint& after) {
  const double seconds = std::chrono::duration<double>(after.at - before.at).count();
  std::map<std::string, double> rates;
  for (const auto& [name, used] : after.processor_seconds) {
    rates[name] = (used - before.processor_seconds.at(name)) / seconds;
  }
  return rates;
}

Json Cost(const Footprint& before, const Footprint& after, const std::map<std::string, double>& idle_per_second,
          double units) {
  const double seconds = std::chrono::duration<double>(after.at - before.at).count();
  std::map<std::string, double> idle = before.processor_seconds;
  for (auto& [name, used] : idle) used += idle_per_second.at(name) * seconds;
  return {{"processor_seconds", Differences(idle, after.processor_seconds, units)},
          {"log_bytes", Differences(before.log_bytes, after.log_bytes, units)},
          {"sql_bytes", Differences(before.sql_bytes, after.sql_bytes, units)},
          {"sql_journal_bytes", (after.sql_journal_bytes - before.sql_journal_bytes) / units},
          {"redis_bytes", (after.redis_bytes - before.redis_bytes) / units},
          {"seconds", seconds}};
}

}  // namespace tilts::bench
