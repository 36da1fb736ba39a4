#include "crypto/key_ring.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "crypto/encoding.hpp"

namespace tilts::crypto {
namespace {

std::string Entry(const std::string& id, char fill) {
  return id + " " + ToBase64(std::string(32, fill));
}

TEST(KeyRingTest, NewestKeyWrapsAndOlderOnesStillUnwrap) {
  const KeyRing old_ring = KeyRing::Parse(Entry("k1", 'a')).value();
  const PersonKey key = PersonKey::Random();
  const std::string wrapped = old_ring.Wrap(key, "person-1");
  const KeyRing ring = KeyRing::Parse("# rotated in spring\n" + Entry("k2", 'b') + "\n" + Entry("k1", 'a')).value();
  EXPECT_EQ(ring.newest().id, "k2");
  EXPECT_EQ(ring.Unwrap(wrapped, "person-1")->bytes(), key.bytes());
  EXPECT_TRUE(ring.NeedsRewrap(wrapped));
  EXPECT_FALSE(ring.NeedsRewrap(ring.Wrap(key, "person-1")));
}

TEST(KeyRingTest, RewrappedKeyOutlivesTheOldKey) {
  const PersonKey key = PersonKey::Random();
  const std::string wrapped = KeyRing::Parse(Entry("k1", 'a'))->Wrap(key, "person-1");
  const std::string rewrapped = *KeyRing::Parse(Entry("k2", 'b') + "," + Entry("k1", 'a'))->Rewrap(wrapped, "person-1");
  const KeyRing new_ring = KeyRing::Parse(Entry("k2", 'b')).value();
  EXPECT_EQ(new_ring.Unwrap(rewrapped, "person-1")->bytes(), key.bytes());
  const auto lost = new_ring.Unwrap(wrapped, "person-1");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().reason, "MASTER_KEY_MISSING");
  EXPECT_NE(lost.error().message.find("k1"), std::string::npos);
}

TEST(KeyRingTest, WrappedKeyIsBoundToItsOwner) {
  const KeyRing ring = KeyRing::Parse(KeyRing::Generate()).value();
  const std::string wrapped = ring.Wrap(PersonKey::Random(), "person-1");
  EXPECT_EQ(WrappingKeyId(wrapped), ring.newest().id);
  EXPECT_EQ(ring.Unwrap(wrapped, "person-2").error().reason, "SEALED_VALUE");
  EXPECT_FALSE(ring.Unwrap("", "person-1"));
  EXPECT_FALSE(ring.Unwrap(wrapped.substr(0, 5), "person-1"));
}

TEST(KeyRingTest, RefusedWhenTheTextIsNotARing) {
  const std::string base64 = ToBase64(std::string(32, 'a'));
  for (const std::string& text :
       {std::string(), std::string("# only a comment"), std::string("k1"), "k:1 " + base64, "k1 " + base64 + " more",
        "k1 " + base64 + "\nk1 " + base64, "k1 " + ToBase64("too short"), std::string(33, 'k') + " " + base64}) {
    const auto ring = KeyRing::Parse(text);
    ASSERT_FALSE(ring) << text.size();
    EXPECT_EQ(ring.error().reason, "KEY_RING");
    EXPECT_EQ(ring.error().message.find(base64), std::string::npos);
  }
}

TEST(KeyRingTest, ReadsTheEnvironmentAndAFile) {
  const std::string path = ::testing::TempDir() + "tilts_master_key";
  std::ofstream(path) << Entry("from-file", 'a') << "\n";
  unsetenv("TILTS_MASTER_KEY");
  unsetenv("TILTS_MASTER_KEY_FILE");
  EXPECT_EQ(KeyRing::FromEnvironment().error().code, core::Errc::kUnavailable);
  setenv("TILTS_MASTER_KEY_FILE", path.c_str(), 1);
  EXPECT_EQ(KeyRing::FromEnvironment()->newest().id, "from-file");
  setenv("TILTS_MASTER_KEY", Entry("direct", 'a').c_str(), 1);
  EXPECT_EQ(KeyRing::FromEnvironment()->newest().id, "direct");
  unsetenv("TILTS_MASTER_KEY");
  unsetenv("TILTS_MASTER_KEY_FILE");
  EXPECT_FALSE(KeyRing::FromFile(path + ".missing"));
}

}  // namespace
}  // namespace tilts::crypto
