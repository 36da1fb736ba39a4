#include "crypto/seal.hpp"

#include <openssl/evp.h>

#include <exception>
#include <memory>

#include "crypto/random.hpp"

namespace tilts::crypto {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

struct ContextDeleter {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

core::Result<std::string> Broken() {
  return core::Fail(core::Errc::kCorrupt, "the sealed value does not open: it was changed or its key is gone",
                    "SEALED_VALUE");
}

}  // namespace

std::string Seal(const SecretKey& key, std::string_view plaintext, std::string_view context) {
  const std::string nonce = RandomBytes(kNonce);
  std::string ciphertext(plaintext.size(), '\0');
  std::string tag(kTag, '\0');
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool sealed =
      cipher && EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key.bytes()), Bytes(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &length, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), Bytes(ciphertext), &length, Bytes(plaintext),
                        static_cast<int>(plaintext.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), Bytes(ciphertext) + length, &length) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, tag.data()) == 1;
  // Out of memory or a broken library; writing the plaintext instead is no choice.
  if (!sealed) std::terminate();
  return std::string(1, kVersion) + nonce + ciphertext + tag;
}

core::Result<std::string> Open(const SecretKey& key, std::string_view sealed, std::string_view context) {
  if (sealed.size() < 1 + kNonce + kTag || sealed.front() != kVersion) return Broken();
  const std::string_view nonce = sealed.substr(1, kNonce);
  const std::string_view ciphertext = sealed.substr(1 + kNonce, sealed.size() - 1 - kNonce - kTag);
  std::string tag(sealed.substr(sealed.size() - kTag));
  std::string plaintext(ciphertext.size(), '\0');
  const CipherContext cipher(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool opened =
      cipher && EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Bytes(key.bytes()), Bytes(nonce)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &length, Bytes(context), static_cast<int>(context.size())) == 1 &&
      EVP_DecryptUpdate(cipher.get(), Bytes(plaintext), &length, Bytes(ciphertext),
                        static_cast<int>(ciphertext.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), Bytes(plaintext) + length, &length) == 1;
  if (!opened) return Broken();
  return plaintext;
}

}  // namespace tilts::crypto
