#include "backbone/settings.hpp"
#include "referral_routing/adapters/wiring.hpp"
#include "service/service.hpp"

namespace {

tilts::core::Status Migrate(const tilts::config::v1::ServiceConfig& config, const tilts::log::Logger& log) {
  return tilts::backbone::MigrateSchema(config, "referral-routing", log);
}

}  // namespace

int main(int argc, char** argv) {
  return tilts::service::Run(argc, argv, {"referral-routing", tilts::referral_routing::Wire, Migrate});
}
