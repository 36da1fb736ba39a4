#include "indicator_aggregation/adapters/wiring.hpp"
#include "service/service.hpp"

int main(int argc, char** argv) {
  tilts::service::Definition definition;
  definition.name = "indicator-aggregation";
  definition.wire = tilts::indicator_aggregation::Wire;
  definition.migrate = tilts::indicator_aggregation::Migrate;
  definition.sections = {"postgres", "kafka", "auth", "crypto"};
  definition.check = tilts::indicator_aggregation::CheckDataFiles;
  return tilts::service::Run(argc, argv, std::move(definition));
}
