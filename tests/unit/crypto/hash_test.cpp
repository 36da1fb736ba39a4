#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include "crypto/blind_index.hpp"
#include "crypto/encoding.hpp"

namespace tilts::crypto {
namespace {

TEST(HashTest, Sha256FollowsThePublishedVectors) {
  EXPECT_EQ(ToHex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(ToHex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HashTest, HmacFollowsRfc4231) {
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(HashTest, DeriveKeyFollowsRfc5869WithoutSalt) {
  // Test case 3 of the RFC (empty salt and info): its first 32 bytes.
  EXPECT_EQ(ToHex(DeriveKey(std::string(22, '\x0b'), "")),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
  EXPECT_NE(DeriveKey("key", "a"), DeriveKey("key", "b"));
}

TEST(HashTest, ConstantTimeEqualComparesContentAndLength) {
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "ab"));
}

TEST(HashTest, DerivedIdRepeatsAndTellsItsPartsApart) {
  const std::string id = DeriveId("cause", "rule", 1);
  EXPECT_EQ(id, DeriveId("cause", "rule", 1));
  EXPECT_EQ(id.size(), 26U);
  EXPECT_NE(id, DeriveId("cause", "rule", 2));
  EXPECT_NE(DeriveId("ab", "c", 1), DeriveId("a", "bc", 1));
}

TEST(BlindIndexTest, SameCodeInAnySpellingIsFound) {
  const BlindIndex index(SecretKey::FromBytes(std::string(32, 'k')).value());
  EXPECT_EQ(index.Of("LV_PERSON_CODE", "010203-12345"), index.Of("LV_PERSON_CODE", " 01020312345 "));
  EXPECT_EQ(index.Of("PASSPORT", "lv1234567"), index.Of("PASSPORT", "LV 1234567"));
  EXPECT_NE(index.Of("PASSPORT", "01020312345"), index.Of("LV_PERSON_CODE", "01020312345"));
}

TEST(BlindIndexTest, AnotherKeyGivesAnotherIndex) {
  const BlindIndex one(SecretKey::Random());
  const BlindIndex other(SecretKey::Random());
  EXPECT_NE(one.Of("LV_PERSON_CODE", "010203-12345"), other.Of("LV_PERSON_CODE", "010203-12345"));
}

}  // namespace
}  // namespace tilts::crypto
