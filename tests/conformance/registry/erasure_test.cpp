#include "registry_fixture.hpp"

namespace tilts::registry {
namespace {

using core::Errc;

class ErasureTest : public VaultTest {};

TEST_F(ErasureTest, WhatWasSealedUnderThePersonIsUnreadableAndTheIdStays) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}}, "Given"));
  const std::string wrapped = Wrap(person.person_id(), std::string(32, 'n')).value();
  ASSERT_EQ(*Unwrap(person.person_id(), wrapped), std::string(32, 'n'));
  ASSERT_TRUE(Erase(person.person_id(), AsOperator()));
  EXPECT_EQ(Unwrap(person.person_id(), wrapped).error().reason, "PERSON_ERASED");
  EXPECT_EQ(Wrap(person.person_id(), std::string(32, 'n')).error().code, Errc::kNotFound);
  const auto described = Describe(person.person_id())->people(0);
  EXPECT_TRUE(described.erased());
  EXPECT_TRUE(described.given_name().empty());
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE person_id = $1", {person.person_id()}), 1);
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE wrapped_key IS NOT NULL OR details IS NOT NULL"), 0);
  EXPECT_EQ(Count("SELECT (SELECT count(*) FROM person_identifier) + (SELECT count(*) FROM person_source)"), 0);
}

TEST_F(ErasureTest, SameCodeLaterIsANewPerson) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}}));
  ASSERT_TRUE(Erase(person.person_id(), AsOperator()));
  const auto later = ResolveOne(Person({{kNationalCode, "010203-12345"}}));
  EXPECT_TRUE(later.created());
  EXPECT_NE(later.person_id(), person.person_id());
}

TEST_F(ErasureTest, AliasesAreErasedWithThePersonWhicheverIdIsNamed) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}}));
  const auto alias = ResolveOne(Person({{kPassport, "UA1"}}));
  const std::string wrapped = Wrap(alias.person_id(), std::string(32, 'n')).value();
  ASSERT_TRUE(Link(person.person_id(), alias.person_id(), AsOperator()));
  ASSERT_TRUE(Erase(alias.person_id(), AsOperator()));
  EXPECT_EQ(Unwrap(alias.person_id(), wrapped).error().reason, "PERSON_ERASED");
  EXPECT_TRUE(Describe(person.person_id())->people(0).erased());
  EXPECT_EQ(Count("SELECT count(*) FROM person_identifier"), 0);
}

TEST_F(ErasureTest, ErasingIsAuditedWithItsBasisAndTwiceIsNoError) {
  const auto person = ResolveOne(Person({}, "Given"));
  ASSERT_TRUE(Erase(person.person_id(), AsOperator()));
  ASSERT_TRUE(Erase(person.person_id(), AsOperator()));
  const auto records = AuditRecords();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].object_ids(0), "person/" + person.person_id());
  EXPECT_EQ(records[1].decision_reason(), "OPERATOR.GDPR-17");
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE erasure_basis = 'GDPR-17'"), 1);
}

TEST_F(ErasureTest, InstitutionThatBroughtThePersonMayErase) {
  const auto person = ResolveOne(Person({}), "riga-school-001");
  EXPECT_TRUE(Erase(person.person_id(), As("riga-school-001")));
}

TEST_F(ErasureTest, ErasedPersonIsNotLinked) {
  const auto person = ResolveOne(Person({}));
  const auto other = ResolveOne(Person({}));
  ASSERT_TRUE(Erase(person.person_id(), AsOperator()));
  EXPECT_EQ(Link(other.person_id(), person.person_id(), AsOperator()).error().reason, "PERSON_ERASED");
}

TEST_F(ErasureTest, BasisIsACodeNotProse) {
  v1::ErasePersonRequest request;
  request.set_request_id("r");
  request.set_person_id("aaaaaaaaaaaaaaaaaaaaaaaaaa");
  request.set_legal_basis("because the parents asked");
  EXPECT_EQ(vault_->ErasePerson(AsOperator(), request).error().reason, "LEGAL_BASIS");
}

TEST_F(ErasureTest, OtherPersonsStayReadable) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}}, "Erased"));
  const auto other = ResolveOne(Person({{kNationalCode, "040506-12345"}}, "Other"));
  ASSERT_TRUE(Erase(person.person_id(), AsOperator()));
  EXPECT_EQ(Describe(other.person_id())->people(0).given_name(), "Other");
}

}  // namespace
}  // namespace tilts::registry
