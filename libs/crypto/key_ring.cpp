#include "crypto/key_ring.hpp"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "crypto/encoding.hpp"
#include "crypto/seal.hpp"

namespace tilts::crypto {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr std::size_t kVersionBytes = 4;

std::string EncodeVersion(std::uint32_t version) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((version >> shift) & 0xFF));
  return bytes;
}

// 0 when the bytes are too short to be a wrapped key; no key has version 0.
std::uint32_t DecodeVersion(std::string_view wrapped) {
  if (wrapped.size() <= kVersionBytes) return 0;
  std::uint32_t version = 0;
  for (const char byte : wrapped.substr(0, kVersionBytes)) version = (version << 8) | static_cast<unsigned char>(byte);
  return version;
}

tl::unexpected<core::Error> WrongRing() {
  return Fail(Errc::kInvalid, "write master keys as <version>:<base64 of 32 bytes>, one a line, each version once",
              "MASTER_KEY");
}

}  // namespace

Result<KeyRing> KeyRing::Parse(std::string_view text) {
  KeyRing ring;
  for (absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), absl::ByAnyChar(",\n"))) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line.front() == '#') continue;
    const std::pair<std::string, std::string> entry = absl::StrSplit(line, absl::MaxSplits(':', 1));
    std::uint32_t version = 0;
    const auto bytes = FromBase64(entry.second);
    if (!absl::SimpleAtoi(entry.first, &version) || version == 0 || !bytes) return WrongRing();
    auto key = SecretKey::FromBytes(*bytes);
    if (!key || !ring.keys_.emplace(version, std::move(*key)).second) return WrongRing();
  }
  if (ring.keys_.empty()) return WrongRing();
  return ring;
}

Result<KeyRing> KeyRing::FromFile(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(Errc::kUnavailable, absl::StrCat("cannot read the master key file ", path), "MASTER_KEY");
  std::ostringstream text;
  text << file.rdbuf();
  return Parse(text.str());
}

Result<KeyRing> KeyRing::FromEnvironment() {
  if (const char* text = std::getenv("TILTS_MASTER_KEY")) return Parse(text);
  if (const char* path = std::getenv("TILTS_MASTER_KEY_FILE")) return FromFile(path);
  return Fail(Errc::kUnavailable, "set TILTS_MASTER_KEY or TILTS_MASTER_KEY_FILE", "MASTER_KEY");
}

std::string KeyRing::Generate() {
  return absl::StrCat("1:", ToBase64(SecretKey::Random().bytes()));
}

std::string KeyRing::Wrap(const SecretKey& key, std::string_view context) const {
  const auto& [version, master] = *keys_.rbegin();
  return EncodeVersion(version) + Seal(master, key.bytes(), context);
}

Result<SecretKey> KeyRing::Unwrap(std::string_view wrapped, std::string_view context) const {
  const std::uint32_t version = DecodeVersion(wrapped);
  const auto master = keys_.find(version);
  if (master == keys_.end()) {
    return Fail(Errc::kCorrupt, absl::StrCat("add master key version ", version, " to the ring: it wraps this key"),
                "MASTER_KEY_VERSION");
  }
  TILTS_ASSIGN(const std::string bytes, Open(master->second, wrapped.substr(kVersionBytes), context));
  return SecretKey::FromBytes(bytes);
}

bool KeyRing::NeedsRewrap(std::string_view wrapped) const {
  return DecodeVersion(wrapped) != newest();
}

Result<std::string> KeyRing::Rewrap(std::string_view wrapped, std::string_view context) const {
  TILTS_ASSIGN(const SecretKey key, Unwrap(wrapped, context));
  return Wrap(key, context);
}

}  // namespace tilts::crypto
