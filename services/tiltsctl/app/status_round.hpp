#pragma once

#include <tilts/operations/v1/operations_service.pb.h>

#include <string>
#include <vector>

#include "core/result.hpp"

namespace tilts::tiltsctl {

class Connection;

struct StatusAnswer {
  std::string service;
  core::Result<operations::v1::GetStatusResponse> status;
};

// Asks every configured service at once, so that one that hangs costs its own time only.
std::vector<StatusAnswer> AskAll(Connection& connection);

}  // namespace tilts::tiltsctl
