#include "city_simulator/truth/card.hpp"

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <iterator>

namespace tilts::city_simulator {
namespace {

constexpr const char* kPublished = "/services/risk_scoring/data/cards/cold-start.1.json";

}  // namespace

std::string ReadCard(const std::string& json, risk::v1::Card& card) {
  const auto read = google::protobuf::util::JsonStringToMessage(json, &card);
  return read.ok() ? std::string() : "this is no score card: " + read.ToString();
}

std::string ReadPublishedCard(const std::string& source, risk::v1::Card& card) {
  std::ifstream file(source + kPublished);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string failure = ReadCard(text, card);
  return failure.empty() ? failure : source + kPublished + ": " + failure;
}

}  // namespace tilts::city_simulator
