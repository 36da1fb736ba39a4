#include "notification/app/retry_file.hpp"

#include <tilts/notification/v1/retry_policy.pb.h>

#include <fstream>
#include <sstream>

#include "wire/json.hpp"

namespace tilts::notification {
namespace {

domain::RetryLadder ToLadder(const v1::RetryLadder& file) {
  domain::RetryLadder ladder;
  for (const std::uint32_t wait : file.wait_seconds()) ladder.waits.emplace_back(wait);
  ladder.retry_after_cap = std::chrono::seconds(file.retry_after_cap_seconds());
  return ladder;
}

}  // namespace

core::Result<domain::RetryPolicy> ParseRetryPolicy(std::string_view json) {
  v1::RetryPolicyFile file;
  TILTS_CHECK(wire::FromJson(json, file));
  domain::RetryPolicy policy{file.version(),
                             ToLadder(file.ordinary()),
                             ToLadder(file.imminent()),
                             file.jitter(),
                             std::chrono::seconds(file.throttle_floor_seconds()),
                             std::chrono::seconds(file.second_channel_after_seconds())};
  TILTS_CHECK(domain::Validate(policy));
  return policy;
}

core::Result<domain::RetryPolicy> ReadRetryPolicy(const std::string& data_dir) {
  std::ifstream file(data_dir + "/retry.json", std::ios::binary);
  if (!file) {
    return core::Fail(core::Errc::kInvalid, "retry.json cannot be read: set data_dir to the service's data folder",
                      "RETRY_POLICY");
  }
  std::ostringstream text;
  text << file.rdbuf();
  return ParseRetryPolicy(text.str());
}

}  // namespace tilts::notification
