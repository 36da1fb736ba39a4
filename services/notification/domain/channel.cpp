#include "notification/domain/channel.hpp"

#include <algorithm>

namespace tilts::notification::domain {
namespace {

bool ByOrder(const Channel& a, const Channel& b) {
  return a.order < b.order;
}

std::vector<Channel> Working(const std::vector<Channel>& channels) {
  std::vector<Channel> working = channels;
  std::erase_if(working, [](const Channel& each) { return each.disabled; });
  std::sort(working.begin(), working.end(), ByOrder);
  return working;
}

}  // namespace

std::optional<ChannelChoice> ChooseChannel(const std::vector<Channel>& channels, unsigned wanted_order) {
  if (channels.empty()) return std::nullopt;
  const std::vector<Channel> working = Working(channels);
  if (working.empty()) {
    return ChannelChoice{std::min_element(channels.begin(), channels.end(), ByOrder)->endpoint_id, false};
  }
  const auto wanted = std::find_if(working.begin(), working.end(),
                                   [wanted_order](const Channel& each) { return each.order == wanted_order; });
  return ChannelChoice{wanted == working.end() ? working.front().endpoint_id : wanted->endpoint_id, true};
}

std::optional<std::string> NextChannel(const std::vector<Channel>& channels, const std::string& failed) {
  const auto current =
      std::find_if(channels.begin(), channels.end(), [&](const Channel& each) { return each.endpoint_id == failed; });
  if (current == channels.end()) return std::nullopt;
  const std::vector<Channel> working = Working(channels);
  for (const Channel& each : working) {
    if (each.order > current->order) return each.endpoint_id;
  }
  // After the last comes the first: what went to the second at once may still find somebody there.
  if (working.empty() || working.front().endpoint_id == failed) return std::nullopt;
  return working.front().endpoint_id;
}

}  // namespace tilts::notification::domain
