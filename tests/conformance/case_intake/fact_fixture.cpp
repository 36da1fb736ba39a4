#include "fact_fixture.hpp"

#include <fstream>
#include <sstream>

#include "crypto/encoding.hpp"
#include "crypto/hash.hpp"
#include "events/envelope_codec.hpp"
#include "kafka/consumer.hpp"
#include "postgres/outbox_relay.hpp"
#include "testing/wait_for.hpp"

namespace tilts::case_intake::testing {
namespace {

constexpr char kCalendars[] = TILTS_SOURCE_DIR "/services/registry/data/calendars/schools.json";

core::Result<registry::v1::ListCalendarsResponse> SchoolCalendar() {
  std::ifstream stream(kCalendars);
  std::ostringstream text;
  text << stream.rdbuf();
  registry::v1::ListCalendarsResponse list;
  registry::v1::Calendar& schools = *list.add_calendars();
  schools.set_calendar_id("schools");
  schools.set_json(text.str());
  return list;
}

class FromTheBeginning final : public events::Subscription::Listener {
 public:
  void OnAssigned(const std::vector<events::TopicPartition>& partitions) override { assigned = partitions; }
  void OnRevoked(const std::vector<events::TopicPartition>&, bool) override {}
  void OnOffsetOutOfRange(const events::TopicPartition&) override {}
  std::vector<events::TopicPartition> assigned;
};

}  // namespace

core::Result<registry::v1::LookUpPupilNumbersResponse> FakePupils::LookUp(
    const registry::v1::LookUpPupilNumbersRequest& request, const VaultCall&) {
  ++calls;
  if (down) return core::Fail(core::Errc::kUnavailable, "the registry is down", "DOWN");
  registry::v1::LookUpPupilNumbersResponse response;
  const Day from = SchoolYearFrom(request.day());
  response.set_school_year(SchoolYearOn(request.day()));
  for (const std::string& number : request.pupil_numbers()) {
    registry::v1::PupilNumberEntry& entry = *response.add_pupils();
    entry.set_person_id(vault_.WhoHas(request.institution_id(), number));
    entry.set_valid_from_day(from);
    entry.set_valid_to_day(SchoolYearFrom(from + 380) - 1);
    if (entry.person_id().empty()) continue;
    entry.set_statistics_id(crypto::ToHex(crypto::HmacSha256(response.school_year(), entry.person_id()).substr(0, 16)));
  }
  return response;
}

core::Status OwnTopics::Publish(std::span<const events::OutgoingRecord> records) {
  std::vector<events::OutgoingRecord> renamed(records.begin(), records.end());
  for (events::OutgoingRecord& record : renamed) record.topic = names.at(record.topic);
  return (broker_down ? unreachable : up)->Publish(renamed);
}

void FactTest::SetUp() {
  RegisterTest::SetUp();
  if (HasFatalFailure()) return;
  for (const char* topic : {kLearning, kSupport, kAudit}) {
    broker_.names[topic] = FreshTopic(std::string(topic).substr(6, 5), 2);
  }
  broker_.up = *kafka::Producer::Create(servers().Kafka(space()));
  kafka::KafkaOptions nowhere = servers().Kafka(space() + "-down");
  nowhere.brokers = "127.0.0.1:9";
  nowhere.publish_limit = std::chrono::milliseconds(400);
  broker_.unreachable = *kafka::Producer::Create(nowhere);
  static const class Still final : public core::MachineClock {
    core::CityTime Now() const override { return core::ParseRfc3339("2026-03-02T08:30:00Z").value(); }
  } still;
  log_ = std::make_unique<log::Logger>("case-intake", "0", log::Level::kDebug, still,
                                       [this](std::string_view line) { log_lines_.emplace_back(line); });
  office_ = std::make_unique<Office>(Office{*database_, postgres::Idempotency("test secret"), "test secret", *sealer_,
                                            vault_, *rules_, *log_, "LV-RIX", std::chrono::seconds(2), Probe()});
  numbers_ = std::make_unique<FakePupils>(vault_);
  pupils_ = std::make_unique<PupilDirectory>(*numbers_, 100, *log_);
  school_days_ = std::make_unique<SchoolDays>(SchoolCalendar);
  ASSERT_TRUE(school_days_->Refresh());
  facts_ = std::make_unique<FactOffice>(
      FactOffice{*office_, broker_, *pupils_, *school_days_, FactKeys("test secret"), FactProbe()});
  held_worker_ = std::make_unique<HeldFactWorker>(*facts_, *school_days_, clock_, std::chrono::milliseconds(50));
  facts_->wake = [this] { held_worker_->Wake(); };
  desk_ = std::make_unique<FactDesk>(*facts_);
  rosters_ = std::make_unique<RosterDesk>(*facts_);
  held_ = std::make_unique<HeldFactDesk>(*facts_, *held_worker_);
}

intake::v1::Fact FactTest::EnrolmentFrom(const std::string& from, const std::string& number,
                                         const std::string& person_code, std::uint32_t revision) {
  intake::v1::Fact fact;
  fact.set_pupil_number(number);
  fact.set_revision(revision);
  intake::v1::Enrolment& enrolment = *fact.mutable_enrolment();
  enrolment.set_from(from);
  enrolment.set_grade(7);
  enrolment.mutable_person()->set_given_name("Planted-given");
  Identify(*enrolment.mutable_person(), person_code);
  return fact;
}

intake::v1::Fact FactTest::AttendanceOn(const std::string& day, const std::string& number, std::uint32_t revision,
                                        std::uint32_t unexcused) {
  intake::v1::Fact fact;
  fact.set_event_id("event-" + day);
  fact.set_pupil_number(number);
  fact.set_revision(revision);
  fact.mutable_attendance()->set_day(day);
  fact.mutable_attendance()->set_lessons_offered(7);
  fact.mutable_attendance()->set_absent_unexcused(unexcused);
  return fact;
}

intake::v1::Fact FactTest::ConsultationOn(const std::string& day, const std::string& consultation,
                                          const std::string& number) {
  intake::v1::Fact fact;
  fact.set_pupil_number(number);
  fact.set_revision(1);
  fact.mutable_consultation()->set_consultation_number(consultation);
  fact.mutable_consultation()->set_day(day);
  fact.mutable_consultation()->set_specialist(codes::v1::SPECIALIST_SOCIAL_PEDAGOGUE);
  fact.mutable_consultation()->add_reasons(codes::v1::CONSULTATION_REASON_CONFLICT);
  fact.mutable_consultation()->set_mode(codes::v1::CONSULTATION_MODE_IN_PERSON);
  return fact;
}

core::Result<intake::v1::PushFactsResponse> FactTest::Push(const std::vector<intake::v1::Fact>& facts,
                                                           const std::string& institution) {
  intake::v1::PushFactsRequest request;
  for (const intake::v1::Fact& fact : facts) *request.add_facts() = fact;
  return desk_->Push(CallBy(institution), request);
}

intake::v1::PushFactsResponse FactTest::Accept(const std::vector<intake::v1::Fact>& facts) {
  const auto response = Push(facts);
  EXPECT_TRUE(response) << response.error().reason << ": " << response.error().message;
  if (!response) return {};
  EXPECT_EQ(response->accepted(), facts.size()) << response->ShortDebugString();
  return *response;
}

std::vector<events::v1::Envelope> FactTest::OnTopic(const std::string& topic) {
  const std::string& name = broker_.names.at(topic);
  auto consumer = kafka::Consumer::Create(servers().Kafka(space()), {tilts::testing::UniqueName("reader"), "", {name}});
  EXPECT_TRUE(consumer);
  FromTheBeginning listener;
  EXPECT_TRUE((*consumer)->Start(listener));
  std::vector<events::v1::Envelope> envelopes;
  std::size_t expected = 0;
  bool reading = false;
  const auto read_all = [&] {
    if (!reading && !listener.assigned.empty()) {
      std::vector<events::Position> positions;
      const auto ends = (*consumer)->Describe(listener.assigned);
      if (!ends) return false;
      for (std::size_t i = 0; i < listener.assigned.size(); ++i) {
        positions.push_back({listener.assigned[i], 0});
        expected += static_cast<std::size_t>((*ends)[i].end);
      }
      reading = (*consumer)->Assign(positions).has_value();
    }
    const auto record = (*consumer)->Poll(std::chrono::milliseconds(20));
    if (record && *record) envelopes.push_back(events::Decode((*record)->value).value());
    return reading && envelopes.size() == expected;
  };
  EXPECT_TRUE(tilts::testing::WaitFor(read_all, std::chrono::seconds(20))) << name;
  (*consumer)->Close();
  return envelopes;
}

void FactTest::RelayOutbox() {
  postgres::OutboxRelay relay(*database_, broker_);
  relay.Start();
  EXPECT_TRUE(tilts::testing::WaitFor([this] { return Count("outbox") == 0; }, std::chrono::seconds(20)));
  relay.Stop();
}

std::vector<std::string> FactTest::WarningsOf(const intake::v1::FactResult& result) const {
  std::vector<std::string> codes;
  for (const intake::v1::Warning& warning : result.warnings()) codes.push_back(warning.code());
  return codes;
}

}  // namespace tilts::case_intake::testing
