#pragma once

#include <tilts/risk/v1/card.pb.h>

#include <string>

namespace tilts::city_simulator {

// A score card in JSON. Empty: read; otherwise why not. A word it does not know is a reason.
std::string ReadCard(const std::string& json, risk::v1::Card& card);
// The published one of a clone.
std::string ReadPublishedCard(const std::string& source, risk::v1::Card& card);

}  // namespace tilts::city_simulator
