#pragma once

#include <tilts/risk/v1/card.pb.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "core/result.hpp"
#include "risk_scoring/domain/card.hpp"

namespace tilts::risk_scoring {

// A card that may score, as the contract and as the domain have it.
struct ActiveCard {
  risk::v1::Card contract;
  std::string hash;  // SHA-256 of the contract's bytes, hex
  CheckedCard checked;
};
using CardInForce = std::shared_ptr<const ActiveCard>;

// kInvalid when the card may not score, or holds fields this program does not know.
core::Result<CardInForce> MakeCard(const risk::v1::Card& contract);

// The cards of the data folder.
class CardBook {
 public:
  // Reads every file of `data_dir`/cards. A fault names the file.
  static core::Result<CardBook> Read(const std::string& data_dir);

  // kNotFound with reason CARD_UNKNOWN.
  core::Result<CardInForce> Find(const std::string& card_id, unsigned version) const;
  // The lowest version: what a fresh log starts with stays the same when a new version joins the folder.
  core::Result<CardInForce> First(const std::string& card_id) const;

 private:
  std::map<std::pair<std::string, unsigned>, CardInForce> cards_;
};

}  // namespace tilts::risk_scoring
