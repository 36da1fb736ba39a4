#include "crypto/seal.hpp"

#include <gtest/gtest.h>

namespace tilts::crypto {
namespace {

TEST(SealTest, OpensWithTheSameKeyAndContextOnly) {
  const SecretKey key = SecretKey::Random();
  for (const std::string& text : {std::string(), std::string("short"), std::string(100'000, 'x')}) {
    const std::string sealed = Seal(key, text, "person-1/note-1");
    EXPECT_EQ(*Open(key, sealed, "person-1/note-1"), text);
    EXPECT_EQ(Open(key, sealed, "person-2/note-1").error().code, core::Errc::kCorrupt);
    EXPECT_EQ(Open(SecretKey::Random(), sealed, "person-1/note-1").error().code, core::Errc::kCorrupt);
  }
}

TEST(SealTest, RefusedWhenAnyByteIsChangedOrMissing) {
  const SecretKey key = SecretKey::Random();
  const std::string sealed = Seal(key, "a note", "context");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Open(key, changed, "context")) << i;
    EXPECT_FALSE(Open(key, sealed.substr(0, i), "context")) << i;
  }
}

TEST(SealTest, SameTextLooksDifferentEveryTimeAndHidesTheText) {
  const SecretKey key = SecretKey::Random();
  const std::string sealed = Seal(key, "a note", "context");
  EXPECT_NE(sealed, Seal(key, "a note", "context"));
  EXPECT_EQ(sealed.find("note"), std::string::npos);
}

TEST(SecretKeyTest, RefusedWhenNotThirtyTwoBytes) {
  EXPECT_FALSE(SecretKey::FromBytes(std::string(31, 'x')));
  EXPECT_FALSE(SecretKey::FromBytes(""));
}

}  // namespace
}  // namespace tilts::crypto
