#include "audit_chain/checkpoint.hpp"

#include <absl/strings/escaping.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include <string>

#include "audit_chain/entry.hpp"
#include "core/concat.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/hash.hpp"

namespace tilts::audit_chain {
namespace {

constexpr std::string_view kVersion = "v1";
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

bool ReadLine(std::string_view line, Checkpoint& checkpoint) {
  const std::vector<std::string> words = absl::StrSplit(std::string(line), ' ');
  if (words.size() != 7 || words[0] != kVersion || !IsChainId(words[1])) return false;
  checkpoint.chain_id = words[1];
  const auto at = core::ParseRfc3339(words[4]);
  if (!at || !absl::SimpleAtoi(words[2], &checkpoint.sequence) || words[3].size() != 2 * kHashBytes ||
      words[3].find_first_not_of("0123456789abcdef") != std::string::npos) {
    return false;
  }
  checkpoint.hash = absl::HexStringToBytes(words[3]);
  checkpoint.at = *at;
  checkpoint.key_id = words[5];
  return absl::Base64Unescape(words[6], &checkpoint.signature) && checkpoint.signature.size() == kSignatureBytes;
}

}  // namespace

std::string SignedText(const Checkpoint& checkpoint) {
  return core::Concat("tilts-audit-checkpoint-v1\n", checkpoint.chain_id, "\n", checkpoint.sequence, "\n",
                      absl::BytesToHexString(checkpoint.hash), "\n", core::FormatRfc3339(checkpoint.at), "\n",
                      checkpoint.key_id, "\n");
}

std::string KeyIdOf(std::string_view public_key) {
  return absl::BytesToHexString(crypto::Sha256(public_key)).substr(0, 16);
}

bool IsSignedBy(const Checkpoint& checkpoint, std::string_view public_key) {
  return IsChainId(checkpoint.chain_id) && checkpoint.hash.size() == kHashBytes &&
         checkpoint.key_id == KeyIdOf(public_key) &&
         crypto::VerifySignature(public_key, SignedText(checkpoint), checkpoint.signature);
}

std::string WitnessLine(const Checkpoint& checkpoint) {
  return core::Concat(kVersion, " ", checkpoint.chain_id, " ", checkpoint.sequence, " ",
                      absl::BytesToHexString(checkpoint.hash), " ", core::FormatRfc3339(checkpoint.at), " ",
                      checkpoint.key_id, " ", absl::Base64Escape(checkpoint.signature), "\n");
}

core::Result<std::vector<Checkpoint>> ParseWitness(std::string_view text) {
  std::vector<Checkpoint> checkpoints;
  int number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    ++number;
    if (!ReadLine(text.substr(0, end), checkpoints.emplace_back())) {
      return core::Fail(core::Errc::kCorrupt, core::Concat("line ", number, " of the witness is no checkpoint"),
                        "WITNESS");
    }
    text.remove_prefix(end + 1);
  }
  return checkpoints;
}

}  // namespace tilts::audit_chain
