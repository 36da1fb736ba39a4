#pragma once

#include <map>
#include <string>

namespace tilts::e2e {

// Partitions of each member of a consumer group by the member's name, as the broker has them; empty when it does not
// answer.
std::map<std::string, int> GroupMembers(const std::string& brokers, const std::string& group);

}  // namespace tilts::e2e
