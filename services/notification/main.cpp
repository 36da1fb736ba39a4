#include "backbone/settings.hpp"
#include "notification/adapters/wiring.hpp"
#include "service/service.hpp"

int main(int argc, char** argv) {
  using tilts::notification::Wire;
  const auto migrate = [](const tilts::config::v1::ServiceConfig& config, const tilts::log::Logger& log) {
    return tilts::backbone::MigrateSchema(config, "notification", log);
  };
  return tilts::service::Run(argc, argv, {"notification", Wire, migrate});
}
