#include "backbone/settings.hpp"
#include "referral_routing/adapters/wiring.hpp"
#include "referral_routing/app/routing_data.hpp"
#include "service/service.hpp"

namespace {

tilts::core::Status Migrate(const tilts::config::v1::ServiceConfig& config, const tilts::log::Logger& log) {
  return tilts::backbone::MigrateSchema(config, "referral-routing", log);
}

tilts::core::Status CheckRules(const tilts::config::v1::ServiceConfig& config) {
  if (auto read = tilts::referral_routing::ReadRoutingData(config.data_dir()); !read) {
    return tilts::core::Fail(std::move(read).error());
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  return tilts::service::Run(argc, argv,
                             {.name = "referral-routing",
                              .wire = tilts::referral_routing::Wire,
                              .migrate = Migrate,
                              .sections = {"postgres", "kafka", "auth", "crypto", "routing"},
                              .check = CheckRules});
}
