#include <gmock/gmock.h>

#include "fact_fixture.hpp"

namespace tilts::case_intake::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPlantedNumber[] = "PLANTED-NUMBER-7";
constexpr char kPlantedCode[] = "PLANTED-CODE-8";
constexpr char kPlantedConsultation[] = "PLANTED-CONSULTATION-9";

class FactCanaryTest : public FactTest {
 protected:
  static void ExpectClean(const std::string& text, const std::string& where) {
    for (const char* planted : {"PLANTED", "Planted", "planted"}) EXPECT_THAT(text, Not(HasSubstr(planted))) << where;
  }
  void ExpectTablesClean() {
    const auto tables = database_->Query(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = current_schema()");
    ASSERT_TRUE(tables);
    for (const postgres::Row table : *tables) {
      // Whole rows as text; bytes are written as hex, so they are looked through as text too.
      const auto rows =
          database_->Query("SELECT t::text, encode(convert_to('planted', 'UTF8'), 'hex') FROM " + table.Text(0) + " t");
      ASSERT_TRUE(rows) << table.Text(0);
      for (const postgres::Row row : *rows) {
        ExpectClean(row.Text(0), table.Text(0));
        for (const char* planted : {"504c414e544544", "506c616e746564"}) {
          EXPECT_THAT(row.Text(0), Not(HasSubstr(planted))) << table.Text(0);
        }
      }
    }
  }
};

TEST_F(FactCanaryTest, NoNumberNameOrCodeLeavesTheDoor) {
  intake::v1::Fact incident;
  incident.set_pupil_number(kPlantedNumber);
  incident.set_revision(1);
  incident.mutable_behaviour()->set_incident_number("PLANTED-INCIDENT");
  incident.mutable_behaviour()->set_day("2026-02-27");
  incident.mutable_behaviour()->set_kind(codes::v1::BEHAVIOUR_KIND_INCIDENT);
  intake::v1::Fact wrong = AttendanceOn("planted day", "planted/number/of/nobody\n");
  ASSERT_TRUE(Push({AttendanceOn("2026-02-26", "PLANTED-STRANGER"), wrong}));
  Accept({EnrolmentFrom("2025-09-01", kPlantedNumber, kPlantedCode), AttendanceOn("2026-02-27", kPlantedNumber),
          ConsultationOn("2026-02-27", kPlantedConsultation, kPlantedNumber), incident});
  numbers_->down = true;
  vault_.SetDown(true);
  ASSERT_TRUE(Push({EnrolmentFrom("2025-09-02", "PLANTED-NEW", "PLANTED-OTHER")}));
  EXPECT_FALSE(held_worker_->WorkOnce().value());
  ExpectTablesClean();
  RelayOutbox();
  for (const char* topic : {kLearning, kSupport, kAudit}) {
    const auto envelopes = OnTopic(topic);
    EXPECT_FALSE(envelopes.empty()) << topic;
    for (const events::v1::Envelope& envelope : envelopes) ExpectClean(envelope.SerializeAsString(), topic);
  }
  EXPECT_FALSE(log_lines_.empty());
  for (const std::string& line : log_lines_) ExpectClean(line, "log");
}

TEST_F(FactCanaryTest, ComplaintsDoNotRepeatWhatWasSent) {
  intake::v1::Fact wrong = EnrolmentFrom("planted", "planted\nnumber", "PLANTED");
  wrong.set_event_id("planted id with spaces");
  wrong.mutable_enrolment()->mutable_person()->set_given_name(std::string(300, 'P') + "lanted");
  const auto response = Push({wrong});
  ASSERT_TRUE(response);
  EXPECT_GE(response->results(0).violations_size(), 4);
  ExpectClean(response->ShortDebugString(), "answer");
}

TEST_F(FactCanaryTest, AConsultationIsNamedDifferentlyInAnotherYear) {
  Accept({EnrolmentFrom("2024-09-02")});
  const auto this_year = Accept({ConsultationOn("2026-02-27", "K-1")});
  const auto last_year = Accept({ConsultationOn("2025-02-27", "K-1")});
  EXPECT_NE(this_year.results(0).record_id(), last_year.results(0).record_id());
}

}  // namespace
}  // namespace tilts::case_intake::testing
