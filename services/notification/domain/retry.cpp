#include "notification/domain/retry.hpp"

#include <algorithm>
#include <numeric>

namespace tilts::notification::domain {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestWait = std::chrono::days{14};

void CheckLadder(const RetryLadder& ladder, const std::string& field, std::vector<core::Violation>& faults) {
  if (ladder.waits.empty()) faults.push_back({field + ".wait_seconds", "RETRY_EMPTY", "name at least one wait"});
  seconds before{0};
  for (const seconds wait : ladder.waits) {
    if (wait < seconds{1} || wait > kLongestWait || wait < before) {
      faults.push_back({field + ".wait_seconds", "RETRY_WAIT", "waits grow from at least 1 second to at most 14 days"});
      break;
    }
    before = wait;
  }
  if (ladder.retry_after_cap < seconds{1} || ladder.retry_after_cap > kLongestWait) {
    faults.push_back({field + ".retry_after_cap_seconds", "RETRY_CAP", "choose 1 second to 14 days"});
  }
}

}  // namespace

core::Status Validate(const RetryPolicy& policy) {
  std::vector<core::Violation> faults;
  if (policy.version.empty()) faults.push_back({"version", "VERSION_MISSING", "name the version of this policy"});
  CheckLadder(policy.ordinary, "ordinary", faults);
  CheckLadder(policy.imminent, "imminent", faults);
  if (policy.jitter < 0 || policy.jitter > 0.5) faults.push_back({"jitter", "RETRY_JITTER", "choose 0 to 0.5"});
  if (policy.throttle_floor > kLongestWait) {
    faults.push_back({"throttle_floor_seconds", "RETRY_WAIT", "choose at most 14 days"});
  }
  const seconds imminent = std::accumulate(policy.imminent.waits.begin(), policy.imminent.waits.end(), seconds{0});
  if (policy.second_channel_after < seconds{1} || policy.second_channel_after > imminent) {
    faults.push_back({"second_channel_after_seconds", "SECOND_CHANNEL", "choose a time within the imminent ladder"});
  }
  if (faults.empty()) return {};
  return core::Fail(core::Error{core::Errc::kInvalid, "the retry policy is not usable: correct the named fields",
                                "RETRY_POLICY", std::move(faults), 0});
}

Decision Decide(const RetryPolicy& policy, bool imminent, unsigned step, const Judgement& judgement,
                std::optional<seconds> retry_after, double jitter, core::CityTime now) {
  Decision decision;
  if (judgement.verdict == Verdict::kDelivered) return decision;
  if (judgement.verdict == Verdict::kGone) {
    decision.next = Decision::Next::kPark;
    decision.disable_endpoint = true;
    return decision;
  }
  const RetryLadder& ladder = policy.LadderFor(imminent);
  // What the receiver asked for is kept exactly: jitter must not come earlier than that.
  const seconds asked = std::min(retry_after.value_or(seconds{0}), ladder.retry_after_cap);
  if (judgement.verdict == Verdict::kThrottle) {
    decision.rest_endpoint_until = now + std::max(asked, policy.throttle_floor);
  }
  if (step == 0 || step > ladder.waits.size()) {
    decision.next = Decision::Next::kPark;
    return decision;
  }
  const std::chrono::duration<double> planned = ladder.waits[step - 1];
  const double share = 1 + policy.jitter * std::clamp(jitter, -1.0, 1.0);
  decision.next = Decision::Next::kRetry;
  decision.retry_at = now + std::max<std::chrono::microseconds>(
                                asked, std::chrono::duration_cast<std::chrono::microseconds>(planned * share));
  return decision;
}

}  // namespace tilts::notification::domain
