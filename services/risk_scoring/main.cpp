#include "risk_scoring/adapters/wiring.hpp"
#include "service/service.hpp"

int main(int argc, char** argv) {
  tilts::service::Definition definition;
  definition.name = "risk-scoring";
  definition.wire = tilts::risk_scoring::Wire;
  definition.sections = {"kafka", "redis", "auth", "risk"};
  definition.check = tilts::risk_scoring::CheckCards;
  return tilts::service::Run(argc, argv, std::move(definition));
}
