#include "city_simulator/play/run_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace tilts::city_simulator {
namespace {

// Offsets from the port base as scripts/README.md lists them.
constexpr std::uint32_t kGatewayHttp = 10;
constexpr std::uint32_t kMetricsOffsets[] = {12, 21, 31, 41, 51, 61, 71, 81};
const std::map<std::string, std::uint32_t> kRpcOffsets = {{"tilts.registry.v1.RegistryService", 20},
                                                          {"tilts.registry.v1.VaultService", 20},
                                                          {"tilts.intake.v1.IntakeService", 30},
                                                          {"tilts.intake.v1.FactService", 30},
                                                          {"tilts.intake.v1.TierService", 30},
                                                          {"tilts.risk.v1.RiskService", 70},
                                                          {"tilts.indicators.v1.IndicatorService", 80},
                                                          {"tilts.referrals.v1.ReferralService", 40},
                                                          {"tilts.notification.v1.NotificationService", 50},
                                                          {"tilts.audit.v1.AuditService", 60}};

std::string FirstWord(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

std::map<std::string, std::string> Settings(const std::string& path) {
  std::map<std::string, std::string> settings;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) settings[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return settings;
}

std::string Local(std::uint32_t port) {
  return "127.0.0.1:" + std::to_string(port);
}

}  // namespace

std::string ReadRunFolder(const std::string& path, RunFolder& run) {
  const auto settings = Settings(path + "/servers.env");
  const auto base = settings.find("TILTS_SERVERS_PORT_BASE");
  const auto kafka = settings.find("TILTS_SERVERS_KAFKA");
  if (base == settings.end() || kafka == settings.end())
    return "no servers in " + path + "; run scripts/up --no-demo first";
  run.path = path;
  run.port_base = static_cast<std::uint32_t>(std::stoul(base->second));
  run.kafka = kafka->second;
  run.doors.gateway = "http://" + Local(run.port_base + kGatewayHttp);
  for (const auto& [service, offset] : kRpcOffsets) run.doors.rpc_services[service] = Local(run.port_base + offset);
  for (const std::uint32_t offset : kMetricsOffsets)
    run.metrics_urls.push_back("http://" + Local(run.port_base + offset) + "/metrics");
  run.operator_key = FirstWord(path + "/secrets/operator.key");
  if (run.operator_key.empty()) return "no operator's key in " + path + "/secrets; run scripts/services start first";
  run.clock_file = path + "/city.clock";
  if (!std::filesystem::exists(run.clock_file))
    return "no city clock in " + path + "; run scripts/services start first";
  return {};
}

std::vector<std::string> RunFolder::LogFiles() const {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path + "/log")) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  // The database's own log: statements that failed are written there.
  const std::string postgres = path + "/postgres/postgres.log";
  if (std::filesystem::exists(postgres)) files.push_back(postgres);
  return files;
}

}  // namespace tilts::city_simulator
