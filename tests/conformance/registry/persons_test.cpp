#include <set>
#include <thread>

#include "registry_fixture.hpp"

namespace tilts::registry {
namespace {

using core::Errc;

class PersonsTest : public VaultTest {};

TEST_F(PersonsTest, AnyOfSeveralIdentifiersFindsThePerson) {
  const auto made = ResolveOne(Person({{kNationalCode, "010203-12345"}, {kPupilNumber, "12"}}, "Given"));
  EXPECT_TRUE(made.created());
  EXPECT_TRUE(made.identified());
  EXPECT_EQ(ResolveOne(Person({{kNationalCode, "010203 12345"}})).person_id(), made.person_id());
  EXPECT_EQ(ResolveOne(Person({{kPupilNumber, "12"}})).person_id(), made.person_id());
  EXPECT_NE(ResolveOne(Person({{kPupilNumber, "12"}}), "riga-school-002").person_id(), made.person_id());
}

TEST_F(PersonsTest, NewIdentifierIsAddedToThePersonFound) {
  const auto by_number = ResolveOne(Person({{kPupilNumber, "12"}}));
  const auto both = ResolveOne(Person({{kPupilNumber, "12"}, {kNationalCode, "010203-12345"}}));
  EXPECT_EQ(both.person_id(), by_number.person_id());
  EXPECT_FALSE(both.created());
  EXPECT_EQ(ResolveOne(Person({{kNationalCode, "010203-12345"}}), "riga-rsd").person_id(), by_number.person_id());
}

TEST_F(PersonsTest, WithoutIdentifiersItIsANewPersonEachTime) {
  const auto first = ResolveOne(Person({}, "Given"));
  const auto second = ResolveOne(Person({}, "Given"));
  EXPECT_NE(first.person_id(), second.person_id());
  EXPECT_FALSE(first.identified());
  EXPECT_EQ(Describe(first.person_id())->people(0).given_name(), "Given");
}

TEST_F(PersonsTest, IdentifiersOfTwoPersonsAreReportedAsConflicting) {
  const auto by_code = ResolveOne(Person({{kNationalCode, "010203-12345"}}));
  const auto by_number = ResolveOne(Person({{kPupilNumber, "12"}}));
  const auto both = ResolveOne(Person({{kPupilNumber, "12"}, {kNationalCode, "010203-12345"}}));
  EXPECT_EQ(both.person_id(), by_code.person_id());
  EXPECT_TRUE(both.conflicting());
  EXPECT_EQ(ResolveOne(Person({{kPupilNumber, "12"}})).person_id(), by_number.person_id());
}

TEST_F(PersonsTest, SameRequestGivesTheSameIds) {
  const auto first = Resolve({Person({}), Person({{kPassport, "LV1"}})}, "riga-school-001", "same").value();
  const auto second = Resolve({Person({}), Person({{kPassport, "LV1"}})}, "riga-school-001", "same").value();
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Count("SELECT count(*) FROM person"), 2);
  EXPECT_EQ(AuditRecords().size(), 1U);
}

TEST_F(PersonsTest, SamePersonTwiceInOneReportIsOnePerson) {
  const auto people =
      Resolve({Person({{kNationalCode, "010203-12345"}}), Person({{kNationalCode, "010203-12345"}})}).value();
  EXPECT_EQ(people.people(0).person_id(), people.people(1).person_id());
}

TEST_F(PersonsTest, ReportsAtOnceAboutANewcomerMakeOnePerson) {
  std::vector<std::thread> reporters;
  std::mutex mutex;
  std::set<std::string> ids;
  for (int i = 0; i < 6; ++i) {
    reporters.emplace_back([&, i] {
      // In another order each time, so that they would deadlock without a common order of locks.
      std::vector<intake::v1::ReportedPerson> people{Person({{kNationalCode, "010203-12345"}}),
                                                     Person({{kNationalCode, "040506-12345"}})};
      if (i % 2 == 1) std::swap(people[0], people[1]);
      const auto resolved = Resolve(people);
      const std::lock_guard lock(mutex);
      ASSERT_TRUE(resolved) << resolved.error().message;
      for (const auto& person : resolved->people()) ids.insert(person.person_id());
    });
  }
  for (std::thread& reporter : reporters) reporter.join();
  EXPECT_EQ(ids.size(), 2U);
}

TEST_F(PersonsTest, AnswerTellsWhatTheVaultKnowsBeyondTheReport) {
  auto first = Person({{kNationalCode, "010203-12345"}});
  first.set_birth_date("2012-05-12");
  first.set_school_id("riga-school-007");
  first.set_residence_municipality("LV-JUR");
  ResolveOne(first);
  const auto later = ResolveOne(Person({{kNationalCode, "010203-12345"}}));
  EXPECT_EQ(later.school_id(), "riga-school-007");
  EXPECT_EQ(later.residence_municipality(), "LV-JUR");
  EXPECT_EQ(later.age_years(), 13U);
}

TEST_F(PersonsTest, NothingReadableIsStored) {
  auto person = Person({{kNationalCode, "CANARY-CODE-1"}}, "CanaryGiven");
  person.set_family_name("CanaryFamily");
  person.set_contact("CanaryContact");
  ResolveOne(person);
  const auto canaries = [&] {
    std::int64_t found = 0;
    for (const char* table : {"person", "person_identifier", "person_source", "outbox", "idempotency"}) {
      found += Count("SELECT count(*) FROM " + std::string(table) +
                     " t WHERE t::text ILIKE '%canary%' "
                     "OR t::text ILIKE '%' || encode('anary', 'hex') || '%'");
    }
    return found;
  };
  EXPECT_EQ(canaries(), 0);
  // The search itself finds one in a text and one in bytes.
  ASSERT_TRUE(database_->Query("INSERT INTO person_source SELECT person_id, 'canary' FROM person"));
  ASSERT_TRUE(database_->Query("UPDATE person SET details = 'CanaryGiven'"));
  EXPECT_EQ(canaries(), 2);
}

TEST_F(PersonsTest, ReadIsAuditedForWhomItWasAsked) {
  const auto made = ResolveOne(Person({}, "Given"));
  ASSERT_TRUE(Describe(made.person_id()));
  const auto records = AuditRecords();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].action(), audit::v1::AUDIT_ACTION_WRITE);
  EXPECT_EQ(records[0].institution_id(), "riga-school-001");
  EXPECT_EQ(records[1].action(), audit::v1::AUDIT_ACTION_READ);
  EXPECT_EQ(records[1].institution_id(), "riga-rsd");
  EXPECT_EQ(records[1].object_ids(0), "person/" + made.person_id());
  EXPECT_TRUE(records[1].system());
}

TEST_F(PersonsTest, LinkedPersonsAnswerAsOneAndOldIdsStayValid) {
  const auto stays = ResolveOne(Person({{kNationalCode, "010203-12345"}}, "Known"));
  auto newcomer = Person({{kPassport, "UA1"}}, "Newcomer");
  newcomer.set_contact("contact of the newcomer");
  const auto alias = ResolveOne(newcomer);
  const std::string wrapped = Wrap(alias.person_id(), std::string(32, 'n')).value();
  ASSERT_TRUE(Link(stays.person_id(), alias.person_id(), AsOperator()));
  EXPECT_EQ(ResolveOne(Person({{kPassport, "UA1"}})).person_id(), stays.person_id());
  const auto described = Describe(alias.person_id())->people(0);
  EXPECT_EQ(described.given_name(), "Known");
  EXPECT_EQ(described.contact(), "contact of the newcomer");
  EXPECT_EQ(*Unwrap(alias.person_id(), wrapped), std::string(32, 'n'));
  // Again, and the other way round: nothing changes.
  EXPECT_TRUE(Link(stays.person_id(), alias.person_id(), AsOperator()));
  EXPECT_TRUE(Link(alias.person_id(), stays.person_id(), AsOperator()));
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE alias_of IS NOT NULL"), 1);
}

TEST_F(PersonsTest, ForeignPersonLooksUnknown) {
  const auto made = ResolveOne(Person({}), "riga-school-001");
  const auto mine = ResolveOne(Person({}), "riga-school-002");
  const auto foreign = Link(mine.person_id(), made.person_id(), As("riga-school-002"));
  const auto unknown = Link(mine.person_id(), "aaaaaaaaaaaaaaaaaaaaaaaaaa", As("riga-school-002"));
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error(), unknown.error());
  EXPECT_EQ(foreign.error().code, Errc::kNotFound);
  EXPECT_EQ(Erase(made.person_id(), As("riga-school-002")).error(), unknown.error());
  EXPECT_TRUE(Link(mine.person_id(), ResolveOne(Person({}), "riga-school-002").person_id(), As("riga-school-002")));
}

TEST_F(PersonsTest, RefusedWhenARequestNamesNobody) {
  EXPECT_EQ(Resolve({}).error().reason, "PEOPLE_COUNT");
  EXPECT_EQ(Describe("aaaaaaaaaaaaaaaaaaaaaaaaaa").error().reason, "PERSON_UNKNOWN");
}

}  // namespace
}  // namespace tilts::registry
