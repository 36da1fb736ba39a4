#pragma once

#include <cstddef>

namespace tilts::case_intake {

// Characters of a description that are kept; the rest can be sent as a completion.
inline constexpr std::size_t kLongestText = 8'000;
// Beyond these a request is not a report and is refused.
inline constexpr std::size_t kLongestTextBytes = 256 * 1024;
inline constexpr int kMostPeople = 50;
inline constexpr int kMostIdentifiers = 10;
inline constexpr std::size_t kLongestName = 200;
inline constexpr std::size_t kLongestContact = 1'000;
inline constexpr std::size_t kLongestCode = 200;
inline constexpr int kMostCodes = 100;

}  // namespace tilts::case_intake
