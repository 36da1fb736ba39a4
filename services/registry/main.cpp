#include "registry/adapters/wiring.hpp"
#include "service/service.hpp"

int main(int argc, char** argv) {
  return tilts::service::Run(argc, argv,
                             {.name = "registry",
                              .wire = tilts::registry::Wire,
                              .migrate = tilts::registry::Migrate,
                              .sections = {"postgres", "kafka", "auth", "crypto", "registry"},
                              .check = tilts::registry::CheckFiles});
}
