#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tilts::notification::domain {

struct Channel {
  std::string endpoint_id;
  unsigned order = 1;  // 1 first, 2 second
  bool disabled = false;
};

struct ChannelChoice {
  std::string endpoint_id;
  bool usable = true;  // false: every endpoint is disabled; the delivery is parked, where people see it

  bool operator==(const ChannelChoice&) const = default;
};

// The endpoint of the wanted order, else the first that works, else the first of the disabled ones; nothing when
// the institution registered none and lives by its feed.
std::optional<ChannelChoice> ChooseChannel(const std::vector<Channel>& channels, unsigned wanted_order);

// Where an imminent danger goes that `failed` did not take: the next working endpoint after it, after the last the
// first; nothing when no other works.
std::optional<std::string> NextChannel(const std::vector<Channel>& channels, const std::string& failed);

}  // namespace tilts::notification::domain
