#include "tiltsctl/app/status_round.hpp"

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "tiltsctl/adapters/connection.hpp"

namespace tilts::tiltsctl {

using operations::v1::GetStatusRequest;
using operations::v1::GetStatusResponse;

namespace {

// A first connection gets a tenth of a second, which a busy machine may not keep: only who stays away is away.
constexpr std::chrono::seconds kKnockFor{3};
constexpr std::chrono::milliseconds kBetweenKnocks{100};

core::Result<GetStatusResponse> Ask(Connection& connection, const std::string& service) {
  const auto until = std::chrono::steady_clock::now() + kKnockFor;
  for (;;) {
    auto answer = connection.Call<GetStatusResponse>(service, "tilts.operations.v1.OperationsService/GetStatus",
                                                     GetStatusRequest());
    const bool away = !answer && answer.error().code == core::Errc::kUnavailable;
    if (!away || std::chrono::steady_clock::now() >= until) return answer;
    std::this_thread::sleep_for(kBetweenKnocks);
  }
}

}  // namespace

std::vector<StatusAnswer> AskAll(Connection& connection) {
  std::vector<std::pair<std::string, std::future<core::Result<GetStatusResponse>>>> asked;
  for (const std::string& service : connection.services()) {
    asked.emplace_back(service,
                       std::async(std::launch::async, [&connection, service] { return Ask(connection, service); }));
  }
  std::vector<StatusAnswer> answers;
  for (auto& [service, answer] : asked) answers.push_back({service, answer.get()});
  return answers;
}

}  // namespace tilts::tiltsctl
