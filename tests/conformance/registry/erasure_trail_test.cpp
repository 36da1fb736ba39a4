// A database that was put back to a state before an erasure: the audit log, which outlives it, has the erasure done
// again.
#include "registry/app/erasure_trail.hpp"

#include "kafka/producer.hpp"
#include "registry/adapters/erasure_reader.hpp"
#include "registry_fixture.hpp"

namespace tilts::registry {
namespace {

class StillClock final : public core::CityClock, public core::MachineClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2026-03-05T08:00:00Z").value(); }
};

class ErasureTrailTest : public VaultTest {
 protected:
  void SetUp() override {
    VaultTest::SetUp();
    trail_ = {FreshTopic("audit", 1), 0};
    producer_ = kafka::Producer::Create(servers().Kafka(space())).value();
  }

  std::unique_ptr<ErasureReader> Reader() {
    return std::make_unique<ErasureReader>(*database_, *vault_store_, clock_,
                                           ErasureReader::Options{servers().Kafka(space()), trail_}, log_);
  }

  rpc::CallContext Erasing() {
    rpc::CallContext call = AsOperator();
    call.method = "tilts.registry.v1.VaultService/ErasePerson";
    return call;
  }

  // What the relay does: the audit records waiting in the outbox go to the log, which is all that survives.
  void PublishAudit() {
    const auto rows =
        database_->Query("SELECT key, event_id, body FROM outbox WHERE topic = 'tilts.audit.v1' ORDER BY seq").value();
    std::vector<events::OutgoingRecord> records;
    for (const postgres::Row row : rows) {
      records.push_back({trail_.topic, row.Text(0), std::nullopt, row.Text(1), row.BytesOf(2), {}});
    }
    ASSERT_TRUE(producer_->Publish(records));
    ASSERT_TRUE(database_->Query("DELETE FROM outbox"));
  }

  // The tables of the vault and how far the log was read, as a backup has them.
  static constexpr const char* kTables[] = {"person", "person_identifier", "person_source", "statistics_key",
                                            "consumer_offset"};
  void TakeBackup() {
    for (const std::string table : kTables) {
      ASSERT_TRUE(database_->Query("CREATE TABLE kept_" + table + " AS SELECT * FROM " + table));
    }
  }
  void PutBackupBack() {
    ASSERT_TRUE(database_->Query("TRUNCATE person, person_identifier, person_source, statistics_key, consumer_offset"));
    for (const std::string table : kTables) {
      ASSERT_TRUE(database_->Query("INSERT INTO " + table + " SELECT * FROM kept_" + table));
    }
  }

  events::TopicPartition trail_;
  std::unique_ptr<kafka::Producer> producer_;
  const StillClock clock_;
  const log::Logger log_{"registry", "test", log::Level::kError, clock_};
};

TEST_F(ErasureTrailTest, DatabaseOlderThanAnErasureHasItDoneAgain) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}}, "Given"));
  const auto other = ResolveOne(Person({{kNationalCode, "040506-12345"}}, "Other"));
  const std::string wrapped = Wrap(person.person_id(), std::string(32, 'n')).value();
  PublishAudit();
  ASSERT_EQ(Reader()->CatchUp().value(), 0U);
  TakeBackup();
  ASSERT_TRUE(Erase(person.person_id(), Erasing()));
  PublishAudit();
  ASSERT_EQ(Reader()->CatchUp().value(), 0U) << "nothing to do again: it is done";
  PutBackupBack();
  ASSERT_TRUE(Unwrap(person.person_id(), wrapped)) << "the backup has the key again: else the test proves nothing";
  EXPECT_EQ(Reader()->CatchUp().value(), 1U);
  EXPECT_EQ(Unwrap(person.person_id(), wrapped).error().reason, "PERSON_ERASED");
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE erasure_basis = 'GDPR-17' AND erased_at = '2026-03-02T08:00Z'"),
            1);
  EXPECT_EQ(Describe(other.person_id())->people(0).given_name(), "Other");
  PublishAudit();
  EXPECT_EQ(Reader()->CatchUp().value(), 0U) << "its own record is no erasure to do";
}

TEST_F(ErasureTrailTest, WhatRunsOnNoticesTheOlderDatabaseByItself) {
  const auto person = ResolveOne(Person({}, "Given"));
  TakeBackup();
  ASSERT_TRUE(Erase(person.person_id(), Erasing()));
  PublishAudit();
  const auto reader = Reader();
  ASSERT_EQ(reader->CatchUp().value(), 0U);
  PutBackupBack();
  EXPECT_EQ(reader->CatchUp().value(), 1U);
  EXPECT_TRUE(Describe(person.person_id())->people(0).erased());
}

TEST_F(ErasureTrailTest, AliasesOfABackupThatDoesNotKnowTheLinkAreErasedToo) {
  const auto person = ResolveOne(Person({{kNationalCode, "010203-12345"}}));
  const auto alias = ResolveOne(Person({{kPassport, "UA1"}}));
  TakeBackup();
  ASSERT_TRUE(Link(person.person_id(), alias.person_id(), AsOperator()));
  ASSERT_TRUE(Erase(person.person_id(), Erasing()));
  PublishAudit();
  PutBackupBack();
  EXPECT_EQ(Reader()->CatchUp().value(), 2U);
  EXPECT_EQ(Count("SELECT count(*) FROM person WHERE erased_at IS NULL"), 0);
}

TEST_F(ErasureTrailTest, StatisticsKeyOfAYearStaysDestroyed) {
  TakeBackup();
  v1::DestroyStatisticsKeyRequest request;
  request.set_request_id("d");
  request.set_school_year("2024/25");
  rpc::CallContext call = AsOperator();
  call.method = "tilts.registry.v1.PupilService/DestroyStatisticsKey";
  ASSERT_TRUE(pupils_->DestroyStatisticsKey(call, request));
  PublishAudit();
  PutBackupBack();
  EXPECT_EQ(Reader()->CatchUp().value(), 1U);
  EXPECT_EQ(Count("SELECT count(*) FROM statistics_key WHERE school_year = '2024/25' AND destroyed_at IS NOT NULL"), 1);
}

TEST_F(ErasureTrailTest, PersonMadeAfterTheBackupIsNoFault) {
  TakeBackup();
  const auto person = ResolveOne(Person({}, "Given"));
  ASSERT_TRUE(Erase(person.person_id(), Erasing()));
  PublishAudit();
  PutBackupBack();
  EXPECT_EQ(Reader()->CatchUp().value(), 0U);
}

TEST_F(ErasureTrailTest, RefusedErasureErasesNobody) {
  const auto person = ResolveOne(Person({}, "Given"));
  rpc::CallContext call = As("riga-school-002");
  call.method = "tilts.registry.v1.VaultService/ErasePerson";
  ASSERT_FALSE(Erase(person.person_id(), call));
  PublishAudit();
  EXPECT_EQ(Reader()->CatchUp().value(), 0U);
  EXPECT_EQ(Describe(person.person_id())->people(0).given_name(), "Given");
}

TEST_F(ErasureTrailTest, NothingIsReadBeforeTheLogWas) {
  const auto person = ResolveOne(Person({}, "Given"));
  const std::string wrapped = Wrap(person.person_id(), std::string(32, 'n')).value();
  const auto reader = Reader();
  vault_ = std::make_unique<VaultApp>(*vault_store_, [&] { return reader->up_to_date(); });
  EXPECT_EQ(Describe(person.person_id()).error().reason, "ERASURES_UNREAD");
  EXPECT_EQ(Unwrap(person.person_id(), wrapped).error().reason, "ERASURES_UNREAD");
  PublishAudit();
  ASSERT_TRUE(reader->CatchUp());
  EXPECT_EQ(Describe(person.person_id())->people(0).given_name(), "Given");
  EXPECT_TRUE(Unwrap(person.person_id(), wrapped));
}

}  // namespace
}  // namespace tilts::registry
