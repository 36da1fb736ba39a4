#include "tiltsctl/app/status_round.hpp"

#include <future>
#include <utility>

#include "tiltsctl/adapters/connection.hpp"

namespace tilts::tiltsctl {

using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;

std::vector<StatusAnswer> AskAll(Connection& connection) {
  std::vector<std::pair<std::string, std::future<core::Result<GetStatusResponse>>>> asked;
  for (const std::string& service : connection.services()) {
    asked.emplace_back(service, std::async(std::launch::async, [&connection, service] {
                         return connection.Call<GetStatusResponse>(
                             service, "tilts.operations.v1.OperationsService/GetStatus", GetStatusRequest());
                       }));
  }
  std::vector<StatusAnswer> answers;
  for (auto& [service, answer] : asked) answers.push_back({service, answer.get()});
  return answers;
}

}  // namespace tilts::tiltsctl
