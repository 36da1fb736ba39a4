// Each hop of the house broken in turn: `tiltsctl doctor` names it, its runbook and a next command that ends it.
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "kafka/producer.hpp"
#include "load.hpp"

namespace tilts::e2e {
namespace {

// A superuser's session that holds a lock until it dies.
class Lock {
 public:
  Lock(City& city, const std::string& statement) {
    const std::string psql = absl::StrCat("PGPASSWORD=$(cat ", city.Setting("TILTS_SERVERS_POSTGRES_PASSWORD_FILE"),
                                          ") psql -h 127.0.0.1 -p ", city.Setting("TILTS_SERVERS_POSTGRES_PORT"),
                                          " -U postgres -d tilts -X -q >/dev/null 2>&1");
    session_ = popen(psql.c_str(), "w");
    fputs(absl::StrCat(statement, ";\n").c_str(), session_);
    fflush(session_);
  }
  ~Lock() {
    fputs("\\q\n", session_);
    pclose(session_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  FILE* session_ = nullptr;
};

class DoctorTest : public ::testing::Test {
 protected:
  City& city = City::Get();
  Caller school = city.For("riga-school-001");
  Caller police = city.For(InstitutionOf(city, "INSTITUTION_KIND_STATE_POLICE"));

  void TearDown() override { ASSERT_TRUE(Healthy()) << last_; }

  // Its answer; `status` becomes the exit code.
  Json Ask(int& status) {
    last_ = city.Tiltsctl("doctor --patience 3 --json", status);
    return Json::parse(last_, nullptr, false);
  }

  bool Healthy() {
    return Eventually(
        [&] {
          int status = -1;
          const Json answer = Ask(status);
          return status == 0 && answer.value("healthy", false);
        },
        std::chrono::seconds(180));
  }

  // The doctor names this hop first; returns the finding.
  Json Named(const std::string& hop, const std::string& runbook) {
    Json found;
    EXPECT_TRUE(Eventually(
        [&] {
          int status = -1;
          const Json answer = Ask(status);
          if (status != 1 || !answer.contains("findings")) return false;
          found = answer["findings"][0];
          return found.value("hop", "") == hop && found.value("runbook", "") == runbook;
        },
        std::chrono::seconds(120)))
        << hop << ": " << last_;
    return found;
  }

  // Starts what does not run. On a busy machine a server's start may take longer than its script waits.
  void Mend() {
    EXPECT_TRUE(Eventually(
        [&] {
          try {
            city.StartAll();
            return true;
          } catch (const std::runtime_error& error) {
            last_ = error.what();
            return false;
          }
        },
        std::chrono::seconds(240)))
        << last_;
  }

  void Danger() {
    const Answer report = city.Post("/v1/reports", school,
                                    DangerReport(city, city.Fresh("report"), school.institution, city.Fresh("child")));
    ASSERT_TRUE(report.ok()) << report.text;
  }

  // A table that can be read and not written, from the moment this returns.
  std::unique_ptr<Lock> ReadOnly(const std::string& table) {
    auto lock = std::make_unique<Lock>(city, absl::StrCat("BEGIN; LOCK TABLE ", table, " IN EXCLUSIVE MODE"));
    EXPECT_TRUE(Eventually([&] {
      return city.Sql(
                 absl::StrCat("SELECT count(*) FROM pg_locks WHERE granted AND mode = 'ExclusiveLock' AND relation = '",
                              table, "'::regclass")) == "1";
    }));
    return lock;
  }

  std::string last_;
};

TEST_F(DoctorTest, AFrozenServiceIsNamed) {
  city.Signal("notification", SIGSTOP);
  const Json finding = Named("notification", "service-down");
  EXPECT_EQ(finding.value("next_command", ""), "scripts/services restart --service notification");
  city.Signal("notification", SIGCONT);
}

TEST_F(DoctorTest, ADeadServiceIsNamed) {
  city.Kill9("referral-routing");
  Named("referral-routing", "service-down");
  Mend();
}

TEST_F(DoctorTest, KafkaIsNamedAndWhatWaitsForIt) {
  city.Kill9("kafka");
  Danger();
  EXPECT_TRUE(Eventually(
      [&] { return absl::StartsWith(Named("kafka", "store-unreachable").value("oldest", ""), "outbox of"); }));
  Mend();
}

TEST_F(DoctorTest, PostgresIsNamed) {
  city.Kill9("postgres");
  EXPECT_EQ(Named("postgres", "store-unreachable").value("next_command", ""), "scripts/servers start");
  Mend();
}

TEST_F(DoctorTest, RedisIsNamed) {
  city.Kill9("redis");
  Named("redis", "store-unreachable");
  Mend();
}

TEST_F(DoctorTest, AnOutboxThatIsNotPublishedIsNamed) {
  const Lock relay(city, "SELECT pg_advisory_lock(hashtextextended('case_intake/outbox/relay', 0))");
  ASSERT_TRUE(Eventually([&] {
    return city.Sql(
               "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid IN (SELECT pid FROM "
               "pg_stat_activity WHERE usename = 'postgres')") == "1";
  }));
  Danger();
  EXPECT_TRUE(absl::StartsWith(Named("outbox of case-intake", "outbox-stuck").value("oldest", ""), "since "));
}

TEST_F(DoctorTest, AConsumerThatCannotWriteIsNamedWithItsOffset) {
  const auto table = ReadOnly("audit.entry");
  Danger();
  EXPECT_TRUE(
      absl::StartsWith(Named("tilts.audit.v1 -> audit", "consumer-lag").value("oldest", ""), "tilts.audit.v1/"));
}

TEST_F(DoctorTest, ADeadlineThatDoesNotFireIsNamed) {
  Danger();
  ASSERT_TRUE(city.WaitAtRest());
  const auto table = ReadOnly("referral_routing.fired_rung");
  city.Advance(std::chrono::hours(2));
  EXPECT_TRUE(
      absl::StartsWith(Named("due work of referral-routing", "deadline-not-fired").value("oldest", ""), "referral/"));
}

TEST_F(DoctorTest, AParkedDeliveryIsNamedUntilItIsRedriven) {
  Receiver receiver;
  const auto put = [&] {
    return city.Post("/v1/endpoints", police,
                     {{"request_id", city.Fresh("endpoint")}, {"url", receiver.url()}, {"order", 1}});
  };
  ASSERT_TRUE(put().ok());
  receiver.AnswerWith(410);
  Danger();
  EXPECT_EQ(Named("deliveries", "delivery-parked").value("next_command", ""), "tiltsctl delivery list --state parked");
  receiver.AnswerWith(204);
  ASSERT_TRUE(put().ok());
  int status = -1;
  const Json list = Json::parse(city.Tiltsctl("delivery list --state parked --json", status));
  for (const Json& delivery : list.at("deliveries")) {
    const std::string id = delivery.at("delivery_id");
    const std::string said = city.Tiltsctl("delivery redrive " + id, status);
    EXPECT_EQ(status, 0) << said;
  }
}

TEST_F(DoctorTest, ABrokenAuditChainIsNamed) {
  ASSERT_TRUE(city.WaitAtRest());
  const std::string which = "WHERE chain_id = (SELECT min(chain_id) FROM audit.entry) AND sequence = 1";
  const std::string chain = city.Sql("SELECT min(chain_id) FROM audit.entry");
  const std::string kept = city.Sql("SELECT encode(record, 'hex') FROM audit.entry " + which);
  city.Sql("UPDATE audit.entry SET record = decode('00', 'hex') " + which);
  EXPECT_EQ(Named("audit chain " + chain, "audit-chain-broken").value("next_command", ""), "tiltsctl audit verify");
  city.Sql(absl::StrCat("UPDATE audit.entry SET record = decode('", kept, "', 'hex') ", which));
}

TEST_F(DoctorTest, ADeadLetterIsNamed) {
  kafka::KafkaOptions options;
  options.brokers = city.Setting("TILTS_SERVERS_KAFKA");
  options.client_id = "doctor-test";
  auto producer = kafka::Producer::Create(options);
  ASSERT_TRUE(producer.has_value());
  const std::vector<events::OutgoingRecord> records{
      {"tilts.audit.v1", "no-chain", std::nullopt, "x", "no envelope", {}}};
  ASSERT_TRUE((*producer)->Publish(records).has_value());
  EXPECT_EQ(Named("dead letters of audit", "dead-letter").value("next_command", ""),
            "tiltsctl dlq list --service audit");
  city.Sql("DELETE FROM audit.dead_letter");
}

}  // namespace
}  // namespace tilts::e2e
