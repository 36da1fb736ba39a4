#include "crypto/ed25519.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/encoding.hpp"

namespace tilts::crypto {
namespace {

SigningKey FromHexSeed(const char* hex) {
  return SigningKey::FromSeed(SecretKey::FromBytes(*FromHex(hex)).value());
}

TEST(Ed25519Test, FollowsTheVectorsOfRfc8032) {
  const SigningKey first = FromHexSeed("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  EXPECT_EQ(ToHex(first.public_key()), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(
      ToHex(first.Sign("")),
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
      "655141438e7a100b");
  const SigningKey second = FromHexSeed("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  EXPECT_EQ(
      ToHex(second.Sign("\x72")),
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
      "b00d291612bb0c00");
}

TEST(Ed25519Test, VerifiesTheSignedMessageOnly) {
  const SigningKey key = SigningKey::Random();
  const std::string signature = key.Sign("message");
  EXPECT_TRUE(VerifySignature(key.public_key(), "message", signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), "massage", signature));
  EXPECT_FALSE(VerifySignature(SigningKey::Random().public_key(), "message", signature));
  EXPECT_FALSE(VerifySignature(key.public_key(), "message", signature.substr(1)));
  EXPECT_FALSE(VerifySignature("short", "message", signature));
}

TEST(Ed25519Test, KeySurvivesItsFileWhichOnlyTheOwnerReads) {
  const std::string path = ::testing::TempDir() + "tilts_signing_key";
  const SigningKey key = SigningKey::Random();
  ASSERT_TRUE(key.WriteFile(path));
  EXPECT_EQ(SigningKey::FromFile(path)->public_key(), key.public_key());
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::ofstream(path) << ToBase64(key.public_key());
  EXPECT_EQ(*ReadPublicKeyFile(path), key.public_key());
  std::ofstream(path) << "not a key";
  EXPECT_FALSE(SigningKey::FromFile(path));
  EXPECT_FALSE(ReadPublicKeyFile(path + ".missing"));
}

// The pair of RFC 8410, section 10.
TEST(Ed25519Test, ReadsPemAsOpenSslWritesIt) {
  const std::string path = ::testing::TempDir() + "tilts_pem_key";
  const auto pem = [](const std::string& kind, const std::string& body) {
    return "-----BEGIN " + kind + " KEY-----\n" + body + "\n-----END " + kind + " KEY-----\n";
  };
  std::ofstream(path) << pem("PRIVATE", "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC");
  const auto key = SigningKey::FromFile(path);
  ASSERT_TRUE(key);
  EXPECT_FALSE(ReadPublicKeyFile(path));
  std::ofstream(path) << pem("PUBLIC", "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");
  EXPECT_EQ(*ReadPublicKeyFile(path), key->public_key());
  EXPECT_FALSE(SigningKey::FromFile(path));
}

}  // namespace
}  // namespace tilts::crypto
