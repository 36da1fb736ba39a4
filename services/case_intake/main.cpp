#include "backbone/settings.hpp"
#include "case_intake/adapters/wiring.hpp"
#include "service/service.hpp"

namespace {

tilts::core::Status Migrate(const tilts::config::v1::ServiceConfig& config, const tilts::log::Logger& log) {
  return tilts::backbone::MigrateSchema(config, "case-intake", log);
}

}  // namespace

int main(int argc, char** argv) {
  return tilts::service::Run(argc, argv, {"case-intake", tilts::case_intake::Wire, Migrate});
}
