#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "service/operations.hpp"

namespace tilts::core {
class CityClock;
class MachineClock;
}  // namespace tilts::core
namespace tilts::log {
class Logger;
}
namespace tilts::rpc {
class MethodTable;
}

namespace tilts::service {

class Health;

struct Operations::Parts {
  std::vector<std::pair<std::string, Source>> sources;
  DeadLetters* dead_letters = nullptr;
};

// Serves tilts.operations.v1.OperationsService from what the components registered.
class OperationsServer {
 public:
  struct Identity {
    std::string service;
    std::string instance;
    std::string version;
  };

  OperationsServer(Identity identity, const Operations& operations, const Health& health,
                   const core::CityClock& city_clock, const core::MachineClock& machine_clock, const log::Logger& log);
  void Bind(rpc::MethodTable& methods);
  // How many audited calls are in a handler right now; known once the RPC server runs.
  void CountHandlersBy(std::function<std::size_t()> count) { count_handlers_ = std::move(count); }

  core::Result<operations::v1::GetStatusResponse> GetStatus(const rpc::CallContext& call) const;

 private:
  const Identity identity_;
  const Operations& operations_;
  const Health& health_;
  const core::CityClock& city_clock_;
  const core::MachineClock& machine_clock_;
  const log::Logger& log_;
  std::function<std::size_t()> count_handlers_;
};

}  // namespace tilts::service
