#include "crypto/ed25519.hpp"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <openssl/evp.h>

#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

#include "crypto/encoding.hpp"

namespace tilts::crypto {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct DigestDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, DigestDeleter>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

Key PrivateKey(std::string_view seed) {
  return Key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(seed), seed.size()));
}

// What stands before the 32 bytes in PKCS#8 and in SubjectPublicKeyInfo (RFC 8410): always the same.
constexpr std::string_view kPrivateDer("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::string_view kPublicDer("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);

Result<std::string> ReadKeyFile(const std::string& path, std::string_view der) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(Errc::kUnavailable, absl::StrCat("cannot read the key file ", path), "KEY_FILE");
  std::string text;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("-----")) text += line;
  }
  absl::StripAsciiWhitespace(&text);
  auto bytes = FromBase64(text);
  if (bytes && bytes->size() == der.size() + kKeyBytes && bytes->starts_with(der)) bytes->erase(0, der.size());
  if (!bytes || bytes->size() != kKeyBytes) {
    return Fail(Errc::kInvalid,
                absl::StrCat("the key file ", path, " must hold an Ed25519 key in PEM, or the base64 of its 32 bytes"),
                "KEY_FILE");
  }
  return bytes;
}

}  // namespace

SigningKey SigningKey::Random() {
  return FromSeed(SecretKey::Random());
}

SigningKey SigningKey::FromSeed(SecretKey seed) {
  const Key key = PrivateKey(seed.bytes());
  std::string public_key(kKeyBytes, '\0');
  std::size_t length = public_key.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), Bytes(public_key), &length) != 1) std::terminate();
  return SigningKey(std::move(seed), std::move(public_key));
}

Result<SigningKey> SigningKey::FromFile(const std::string& path) {
  TILTS_ASSIGN(const std::string bytes, ReadKeyFile(path, kPrivateDer));
  TILTS_ASSIGN(SecretKey seed, SecretKey::FromBytes(bytes));
  return FromSeed(std::move(seed));
}

core::Status SigningKey::WriteFile(const std::string& path) const {
  namespace fs = std::filesystem;
  const auto failed = [&] {
    return Fail(Errc::kUnavailable, absl::StrCat("cannot write the key file ", path), "KEY_FILE");
  };
  std::error_code error;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  // Before the key is in it, so that nobody else can read it for a moment.
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  if (!file || error) return failed();
  file << ToBase64(seed()) << "\n";
  file.close();
  if (!file) return failed();
  return {};
}

std::string SigningKey::Sign(std::string_view message) const {
  const Key key = PrivateKey(seed());
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  std::size_t length = signature.size();
  if (!key || !context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), Bytes(signature), &length, Bytes(message), message.size()) != 1) {
    std::terminate();
  }
  return signature;
}

bool VerifySignature(std::string_view public_key, std::string_view message, std::string_view signature) {
  if (public_key.size() != kKeyBytes || signature.size() != kSignatureBytes) return false;
  const Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()));
  const DigestContext context(EVP_MD_CTX_new());
  return key && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message), message.size()) == 1;
}

Result<std::string> ReadPublicKeyFile(const std::string& path) {
  return ReadKeyFile(path, kPublicDer);
}

}  // namespace tilts::crypto
