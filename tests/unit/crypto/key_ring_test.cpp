#include "crypto/key_ring.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "crypto/encoding.hpp"

namespace tilts::crypto {
namespace {

std::string Entry(int version, char fill) {
  return std::to_string(version) + ":" + ToBase64(std::string(32, fill));
}

TEST(KeyRingTest, NewestVersionWrapsAndOlderOnesStillUnwrap) {
  const KeyRing old_ring = KeyRing::Parse(Entry(1, 'a')).value();
  const PersonKey key = PersonKey::Random();
  const std::string wrapped = old_ring.Wrap(key, "person-1");
  const KeyRing ring = KeyRing::Parse(Entry(2, 'b') + "\n# rotated in spring\n" + Entry(1, 'a')).value();
  EXPECT_EQ(ring.newest(), 2U);
  EXPECT_EQ(ring.Unwrap(wrapped, "person-1")->bytes(), key.bytes());
  EXPECT_TRUE(ring.NeedsRewrap(wrapped));
  EXPECT_FALSE(ring.NeedsRewrap(ring.Wrap(key, "person-1")));
}

TEST(KeyRingTest, RewrappedKeyOutlivesTheOldVersion) {
  const PersonKey key = PersonKey::Random();
  const std::string wrapped = KeyRing::Parse(Entry(1, 'a'))->Wrap(key, "person-1");
  const std::string rewrapped = *KeyRing::Parse(Entry(1, 'a') + "," + Entry(2, 'b'))->Rewrap(wrapped, "person-1");
  const KeyRing new_ring = KeyRing::Parse(Entry(2, 'b')).value();
  EXPECT_EQ(new_ring.Unwrap(rewrapped, "person-1")->bytes(), key.bytes());
  EXPECT_EQ(new_ring.Unwrap(wrapped, "person-1").error().reason, "MASTER_KEY_VERSION");
}

TEST(KeyRingTest, WrappedKeyIsBoundToItsOwner) {
  const KeyRing ring = KeyRing::Parse(KeyRing::Generate()).value();
  const std::string wrapped = ring.Wrap(PersonKey::Random(), "person-1");
  EXPECT_FALSE(ring.Unwrap(wrapped, "person-2"));
  EXPECT_FALSE(ring.Unwrap("", "person-1"));
}

TEST(KeyRingTest, RefusedWhenTheTextIsNotARing) {
  for (const std::string& text : {std::string(), std::string("# only a comment"), std::string("1"), std::string("1:"),
                                  std::string("0:") + Entry(1, 'a').substr(2), "one:" + Entry(1, 'a').substr(2),
                                  Entry(1, 'a') + "," + Entry(1, 'b'), "1:" + ToBase64("too short")}) {
    const auto ring = KeyRing::Parse(text);
    ASSERT_FALSE(ring) << text.size();
    EXPECT_EQ(ring.error().message.find("YWFh"), std::string::npos);
  }
}

TEST(KeyRingTest, ReadsTheEnvironmentAndAFile) {
  const std::string path = ::testing::TempDir() + "tilts_master_key";
  std::ofstream(path) << Entry(7, 'a') << "\n";
  unsetenv("TILTS_MASTER_KEY");
  unsetenv("TILTS_MASTER_KEY_FILE");
  EXPECT_EQ(KeyRing::FromEnvironment().error().code, core::Errc::kUnavailable);
  setenv("TILTS_MASTER_KEY_FILE", path.c_str(), 1);
  EXPECT_EQ(KeyRing::FromEnvironment()->newest(), 7U);
  setenv("TILTS_MASTER_KEY", Entry(3, 'a').c_str(), 1);
  EXPECT_EQ(KeyRing::FromEnvironment()->newest(), 3U);
  unsetenv("TILTS_MASTER_KEY");
  unsetenv("TILTS_MASTER_KEY_FILE");
  EXPECT_FALSE(KeyRing::FromFile(path + ".missing"));
}

}  // namespace
}  // namespace tilts::crypto
