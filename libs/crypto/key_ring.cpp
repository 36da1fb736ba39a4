#include "crypto/key_ring.hpp"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "crypto/encoding.hpp"
#include "crypto/random.hpp"
#include "crypto/seal.hpp"

namespace tilts::crypto {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr std::size_t kMostIdCharacters = 32;

bool IsKeyId(std::string_view id) {
  return !id.empty() && id.size() <= kMostIdCharacters && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  });
}

tl::unexpected<core::Error> WrongRing() {
  return Fail(Errc::kInvalid, "write keys as <key id> <base64 of 32 bytes>, one a line, each id once", "KEY_RING");
}

}  // namespace

Result<KeyRing> KeyRing::Parse(std::string_view text) {
  KeyRing ring;
  for (const absl::string_view line :
       absl::StrSplit(absl::string_view(text.data(), text.size()), absl::ByAnyChar(",\n"))) {
    const std::vector<std::string> words = absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || words.front().front() == '#') continue;
    if (words.size() != 2 || !IsKeyId(words[0])) return WrongRing();
    const auto bytes = FromBase64(words[1]);
    if (!bytes) return WrongRing();
    auto key = SecretKey::FromBytes(*bytes);
    const bool known = std::ranges::find(ring.entries_, words[0], &Entry::id) != ring.entries_.end();
    if (!key || known) return WrongRing();
    ring.entries_.push_back({words[0], std::move(*key)});
  }
  if (ring.entries_.empty()) return WrongRing();
  return ring;
}

Result<KeyRing> KeyRing::FromFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(Errc::kUnavailable, absl::StrCat("cannot read the key file ", path), "KEY_FILE");
  std::ostringstream text;
  text << file.rdbuf();
  return Parse(text.str());
}

Result<KeyRing> KeyRing::FromEnvironment() {
  if (const char* text = std::getenv("TILTS_MASTER_KEY")) return Parse(text);
  if (const char* path = std::getenv("TILTS_MASTER_KEY_FILE")) return FromFile(path);
  return Fail(Errc::kUnavailable, "set TILTS_MASTER_KEY or TILTS_MASTER_KEY_FILE", "KEY_FILE");
}

std::string KeyRing::Generate() {
  return absl::StrCat(RandomId().substr(0, 8), " ", ToBase64(SecretKey::Random().bytes()));
}

std::string KeyRing::Wrap(const SecretKey& key, std::string_view context) const {
  std::string wrapped(1, static_cast<char>(newest().id.size()));
  wrapped += newest().id;
  return wrapped + Seal(newest().key, key.bytes(), context);
}

Result<SecretKey> KeyRing::Unwrap(std::string_view wrapped, std::string_view context) const {
  const std::string_view id = WrappingKeyId(wrapped);
  const auto entry = std::ranges::find(entries_, id, &Entry::id);
  if (entry == entries_.end()) {
    return Fail(Errc::kCorrupt, absl::StrCat("put key '", std::string(id), "' back into the key file: it wraps this"),
                "MASTER_KEY_MISSING");
  }
  TILTS_ASSIGN(const std::string bytes, Open(entry->key, wrapped.substr(1 + id.size()), context));
  return SecretKey::FromBytes(bytes);
}

bool KeyRing::NeedsRewrap(std::string_view wrapped) const {
  return WrappingKeyId(wrapped) != newest().id;
}

Result<std::string> KeyRing::Rewrap(std::string_view wrapped, std::string_view context) const {
  TILTS_ASSIGN(const SecretKey key, Unwrap(wrapped, context));
  return Wrap(key, context);
}

std::string_view WrappingKeyId(std::string_view wrapped) {
  if (wrapped.empty()) return {};
  const std::size_t length = static_cast<unsigned char>(wrapped.front());
  if (wrapped.size() <= 1 + length) return {};
  const std::string_view id = wrapped.substr(1, length);
  return IsKeyId(id) ? id : std::string_view{};
}

}  // namespace tilts::crypto
