#include "registry_fixture.hpp"

namespace tilts::registry {
namespace {

class RotationTest : public VaultTest {
 protected:
  // From here on the vault works with these keys, as after a restart.
  void UseKeys(crypto::KeyRing master, crypto::KeyRing index) {
    keys_ = std::make_unique<VaultKeys>(std::move(master), std::move(index));
    vault_store_ = std::make_unique<SqlVault>(*database_, idempotency_, *keys_);
    vault_ = std::make_unique<VaultApp>(*vault_store_);
  }
};

TEST_F(RotationTest, OldKeysMayGoOnceEverythingIsMoved) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}, {kPupilNumber, "12"}}, "Given"));
  const std::string wrapped = Wrap(person.person_id(), std::string(32, 'n')).value();
  UseKeys(Ring("m2", 'M', OldKey("m1", 'm')), Ring("i2", 'I', OldKey("i1", 'i')));
  EXPECT_EQ(ResolveOne(Person({{kNationalCode, "010203-12345"}})).person_id(), person.person_id());
  const auto outcome = RotateVaultKeys(*database_, *keys_).value();
  EXPECT_EQ(outcome.rewrapped, 1U);
  EXPECT_EQ(outcome.reindexed, 2U);
  UseKeys(Ring("m2", 'M'), Ring("i2", 'I'));
  EXPECT_EQ(ResolveOne(Person({{kNationalCode, "010203-12345"}})).person_id(), person.person_id());
  EXPECT_EQ(ResolveOne(Person({{kPupilNumber, "12"}})).person_id(), person.person_id());
  EXPECT_EQ(Describe(person.person_id())->people(0).given_name(), "Given");
  EXPECT_EQ(*Unwrap(person.person_id(), wrapped), std::string(32, 'n'));
}

TEST_F(RotationTest, SecondRunMovesNothingAndErasedPersonsAreLeftAlone) {
  const auto erased = ResolveOne(Person({}));
  ResolveOne(Person({}));
  ASSERT_TRUE(Erase(erased.person_id(), AsOperator()));
  UseKeys(Ring("m2", 'M', OldKey("m1", 'm')), Ring("i1", 'i'));
  EXPECT_EQ(RotateVaultKeys(*database_, *keys_)->rewrapped, 1U);
  EXPECT_EQ(RotateVaultKeys(*database_, *keys_)->rewrapped, 0U);
}

TEST_F(RotationTest, MissingMasterKeyIsNamedAndNothingIsLost) {
  const auto person = ResolveOne(Person({}, "Given"));
  UseKeys(Ring("m2", 'M'), Ring("i1", 'i'));
  const auto lost = Describe(person.person_id());
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().reason, "MASTER_KEY_MISSING");
  EXPECT_NE(lost.error().message.find("m1"), std::string::npos);
  UseKeys(Ring("m2", 'M', OldKey("m1", 'm')), Ring("i1", 'i'));
  EXPECT_EQ(Describe(person.person_id())->people(0).given_name(), "Given");
}

TEST_F(RotationTest, MoreThanOneBatchIsMoved) {
  std::vector<intake::v1::ReportedPerson> people(100, Person({}));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Resolve(people));
  UseKeys(Ring("m2", 'M', OldKey("m1", 'm')), Ring("i1", 'i'));
  EXPECT_EQ(RotateVaultKeys(*database_, *keys_)->rewrapped, 300U);
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE master_key_id <> 'm2'"), 0);
}

}  // namespace
}  // namespace tilts::registry
