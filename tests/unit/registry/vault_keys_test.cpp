#include "registry/adapters/vault_keys.hpp"

#include <gtest/gtest.h>

#include "crypto/encoding.hpp"

namespace tilts::registry {
namespace {

crypto::KeyRing Ring(const std::string& entries) {
  return crypto::KeyRing::Parse(entries).value();
}

std::string Entry(const std::string& id, char fill) {
  return id + " " + crypto::ToBase64(std::string(32, fill));
}

const Identifier kCode{IdentifierSystem::kNationalCode, "", "010203-12345"};

TEST(VaultKeysTest, DetailsOpenForTheirPersonOnly) {
  const auto key = crypto::PersonKey::Random();
  const PersonDetails details{"Given", "Family", "2012-05-12", 14, "riga-school-001", "LV-RIX", "contact"};
  const std::string sealed = VaultKeys::SealDetails(key, "p1", details);
  EXPECT_EQ(*VaultKeys::OpenDetails(key, "p1", sealed), details);
  EXPECT_FALSE(VaultKeys::OpenDetails(key, "p2", sealed));
  EXPECT_EQ(sealed.find("Family"), std::string::npos);
}

TEST(VaultKeysTest, NumberOfTwoInstitutionsIsTwoIdentifiers) {
  const VaultKeys keys(Ring(Entry("m", 'm')), Ring(Entry("i", 'i')));
  const Identifier here{IdentifierSystem::kPupilNumber, "riga-school-001", "12"};
  const Identifier there{IdentifierSystem::kPupilNumber, "riga-school-002", "12"};
  EXPECT_NE(keys.Index(here).bytes, keys.Index(there).bytes);
}

TEST(VaultKeysTest, OldIndexKeyIsStillAskedAfterANewOneIsPutInFront) {
  const VaultKeys before(Ring(Entry("m", 'm')), Ring(Entry("i1", 'a')));
  const VaultKeys after(Ring(Entry("m", 'm')), Ring(Entry("i2", 'b') + "\n" + Entry("i1", 'a')));
  EXPECT_EQ(after.Index(kCode).key_id, "i2");
  const auto asked = after.IndexesToAsk(kCode);
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0], after.Index(kCode).bytes);
  EXPECT_EQ(asked[1], before.Index(kCode).bytes);
}

TEST(VaultKeysTest, SealedIdentifierIsBoundToItsRow) {
  const auto key = crypto::PersonKey::Random();
  const std::string sealed = VaultKeys::SealIdentifier(key, "p1", kCode);
  EXPECT_EQ(*VaultKeys::OpenIdentifier(key, "p1", kCode.system, "", sealed), kCode);
  EXPECT_FALSE(VaultKeys::OpenIdentifier(key, "p1", IdentifierSystem::kPassport, "", sealed));
}

TEST(VaultKeysTest, WrappedKeyOpensUnderItsPersonOnly) {
  const auto key = crypto::PersonKey::Random();
  const std::string note_key(32, 'n');
  const std::string wrapped = VaultKeys::WrapKey(key, "p1", note_key);
  EXPECT_EQ(*VaultKeys::UnwrapKey(key, "p1", wrapped), note_key);
  EXPECT_FALSE(VaultKeys::UnwrapKey(key, "p2", wrapped));
}

}  // namespace
}  // namespace tilts::registry
