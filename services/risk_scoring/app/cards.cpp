#include "risk_scoring/app/cards.hpp"

#include <google/protobuf/unknown_field_set.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "risk_scoring/app/contract.hpp"
#include "wire/bytes.hpp"
#include "wire/json.hpp"

namespace tilts::risk_scoring {
namespace {

tl::unexpected<core::Error> Wrong(const std::string& file, core::Error error) {
  error.message = core::Concat(file, ": ", error.message);
  for (const core::Violation& violation : error.violations) {
    error.message += core::Concat("; ", violation.field, ": ", violation.message);
  }
  return core::Fail(std::move(error));
}

core::Result<CardInForce> ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return core::Fail(core::Errc::kInvalid, "cannot be read", "CARD_FILE");
  risk::v1::Card contract;
  TILTS_CHECK(wire::FromJson(text.str(), contract));
  return MakeCard(contract);
}

}  // namespace

core::Result<CardInForce> MakeCard(const risk::v1::Card& contract) {
  risk::v1::Card known = contract;
  known.DiscardUnknownFields();
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(known));
  TILTS_ASSIGN(const std::string as_it_came, wire::Serialize(contract));
  if (bytes != as_it_came) {
    return core::Fail(core::Errc::kInvalid, "the card says more than this program understands: upgrade it first",
                      "CARD_UNKNOWN_FIELDS");
  }
  TILTS_ASSIGN(CheckedCard checked, CheckedCard::Make(CardOf(known)));
  return std::make_shared<const ActiveCard>(
      ActiveCard{std::move(known), core::Hex(core::Sha256(bytes)), std::move(checked)});
}

core::Result<CardBook> CardBook::Read(const std::string& data_dir) {
  std::error_code none;
  std::set<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(data_dir + "/cards", none)) {
    if (entry.path().extension() == ".json") files.insert(entry.path());
  }
  CardBook book;
  for (const auto& path : files) {
    auto card = ReadFile(path);
    if (!card) return Wrong(path.filename().string(), std::move(card).error());
    const std::pair key{(*card)->contract.card_id(), (*card)->contract.version()};
    if (!book.cards_.emplace(key, *card).second) {
      return core::Fail(core::Errc::kInvalid, path.filename().string() + ": card and version are there already",
                        "CARD_TWICE");
    }
  }
  if (book.cards_.empty()) {
    return core::Fail(core::Errc::kInvalid, "no card in data_dir/cards: set data_dir to the service's data folder",
                      "CARD_FILE");
  }
  return book;
}

core::Result<CardInForce> CardBook::Find(const std::string& card_id, unsigned version) const {
  const auto found = cards_.find({card_id, version});
  if (found != cards_.end()) return found->second;
  return core::Fail(core::Errc::kNotFound, "the data folder has no such card and version", "CARD_UNKNOWN");
}

core::Result<CardInForce> CardBook::First(const std::string& card_id) const {
  const auto found = cards_.lower_bound({card_id, 0});
  if (found != cards_.end() && found->first.first == card_id) return found->second;
  return core::Fail(core::Errc::kNotFound, "risk.first_card names no card of the data folder", "CARD_UNKNOWN");
}

}  // namespace tilts::risk_scoring
