#include "risk_fixture.hpp"

#include "core/concat.hpp"
#include "core/sha256.hpp"
#include "events/catalogue.hpp"
#include "events/draft.hpp"
#include "events/in_memory_bus.hpp"
#include "risk_scoring/app/comparison.hpp"

namespace tilts::risk_scoring {
namespace {

void Stamp(facts::v1::Stamp& stamp, const std::string& key, const std::string& school, unsigned revision) {
  stamp.set_record_id(core::Hex(core::Sha256(key)).substr(0, 16));
  stamp.set_revision(revision);
  stamp.set_institution_id(school);
}

}  // namespace

core::Status TestTopics::Publish(std::span<const events::OutgoingRecord> records) {
  if (down) return core::Fail(core::Errc::kUnavailable, "the broker is down", "PUBLISH_UNCONFIRMED");
  std::vector<events::OutgoingRecord> renamed(records.begin(), records.end());
  for (events::OutgoingRecord& record : renamed) {
    if (const auto found = names_.find(record.topic); found != names_.end()) record.topic = found->second;
    if (record.partition && *record.partition > 1) record.partition.reset();
  }
  TILTS_CHECK(inner_.Publish(renamed));
  published.insert(published.end(), records.begin(), records.end());
  return {};
}

void RiskTest::SetUp() {
  ServerTest::SetUp();
  if (HasFatalFailure()) return;
  facts_topic_ = FreshTopic("learning", kPartitions);
  risk_topic_ = FreshTopic("risk", 1);
  years_topic_ = FreshTopic("years", 1);
  audit_topic_ = FreshTopic("audit", 1);
  EnsureTopic(events::DeadLetterTopic(facts_topic_, space()), 1);
  server_ = std::make_unique<PrivateRedis>(::testing::TempDir() + space());
  redis_ = std::make_unique<redis::Redis>(server_->options());
  store_ = std::make_unique<PartitionStore>(*redis_, space(), "live");
  producer_ = kafka::Producer::Create(servers().Kafka(space())).value();
  topics_ = std::make_unique<TestTopics>(*producer_,
                                         std::map<std::string, std::string>{{"tilts.learning.v1", facts_topic_},
                                                                            {"tilts.risk.v1", risk_topic_},
                                                                            {"tilts.pupil-years.v1", years_topic_},
                                                                            {"tilts.audit.v1", audit_topic_}});
  reader_ = kafka::LogReader::Create(servers().Kafka(space())).value();
  cards_ =
      std::make_unique<CardBook>(CardBook::Read(std::string(TILTS_SOURCE_DIR) + "/services/risk_scoring/data").value());
  first_card_ = cards_->First("cold-start").value();
}

void RiskTest::TearDown() {
  server_.reset();
  ServerTest::TearDown();
}

void RiskTest::Send(const google::protobuf::Message& event, const std::string& subject) {
  events::Meta meta;
  meta.id = core::Concat(space(), "-", ++sent_);
  meta.source = "/test";
  meta.subject = subject;
  meta.occurred_at = meta.recorded_at = clock_.Now();
  meta.school_year = "2025/26";
  meta.municipality = "LV-RIX";
  std::vector<events::Draft> drafts = {events::MakeDraft(event, meta).value()};
  if (event.GetDescriptor() == facts::v1::SchoolDayClosed::descriptor()) {
    drafts.assign(kPartitions, drafts.front());
    for (int i = 0; i < kPartitions; ++i) drafts[static_cast<std::size_t>(i)].partition = i;
  }
  ASSERT_TRUE(topics_->Publish(drafts));
}

void RiskTest::Enrol(const std::string& pupil, const std::string& school, Day from, Day to, unsigned revision) {
  facts::v1::EnrolmentRecorded event;
  event.set_pupil_id(pupil);
  Stamp(*event.mutable_stamp(), core::Concat("e", pupil, school, from), school, revision);
  event.set_from_day(from);
  event.set_to_day(to);
  event.set_stage(codes::v1::EDUCATION_STAGE_BASIC);
  event.set_grade(7);
  Send(event, pupil);
}

void RiskTest::Attend(const std::string& pupil, int day, unsigned unexcused, unsigned revision, unsigned excused) {
  facts::v1::AttendanceRecorded event;
  event.set_pupil_id(pupil);
  Stamp(*event.mutable_stamp(), core::Concat("a", pupil, day), kSchool, revision);
  event.set_day(SchoolDay(day));
  event.set_lessons_offered(6);
  event.set_absent_unexcused(unexcused);
  event.set_absent_excused(excused);
  Send(event, pupil);
}

void RiskTest::CloseDay(int n) {
  facts::v1::SchoolDayClosed event;
  event.set_control("school-day");
  event.set_day(SchoolDay(n));
  event.set_school_year("2025/26");
  event.set_semester(1);
  event.set_semester_from_day(kAutumn);
  event.set_school_year_from_day(kAutumn);
  event.set_school_day_of_year(static_cast<unsigned>(n + 1));
  Send(event, "school-day");
}

void RiskTest::CloseDayOf(int year, Day day, Day year_from) {
  facts::v1::SchoolDayClosed event;
  event.set_control("school-day");
  event.set_day(day);
  event.set_school_year(SchoolYearText(year));
  event.set_semester(1);
  event.set_semester_from_day(year_from);
  event.set_school_year_from_day(year_from);
  event.set_school_day_of_year(1);
  Send(event, "school-day");
}

void RiskTest::Attended(const std::string& pupil, int from, int to, unsigned unexcused) {
  for (int n = from; n < to; ++n) {
    Attend(pupil, n, unexcused);
    CloseDay(n);
  }
}

void RiskTest::SendRaw(const std::string& key, const std::string& value, int partition) {
  const events::OutgoingRecord record{facts_topic_, key, partition, "raw", value, {}};
  ASSERT_TRUE(producer_->Publish({&record, 1}));
}

std::unique_ptr<PartitionProcessor> RiskTest::NewProcessor() {
  return std::make_unique<PartitionProcessor>(*store_, *topics_, first_card_, clock_);
}

core::Status RiskTest::Drain(PartitionProcessor& processor) {
  int silences = 0;
  for (const events::TopicPartition& at : All()) {
    TILTS_ASSIGN(const auto marks, reader_->Describe({at}));
    TILTS_ASSIGN(const auto stored, processor.LoadOffsets({at}));
    std::optional<std::int64_t> expected = stored.front();
    if (expected.value_or(0) == marks.front().end) continue;
    TILTS_CHECK(reader_->Seek({at, expected.value_or(0)}));
    while (expected.value_or(0) < marks.front().end) {
      TILTS_ASSIGN(const auto records, reader_->Read(50, std::chrono::seconds(1)));
      if (records.empty() && ++silences > 30) return core::Fail(core::Errc::kUnavailable, "the log is silent");
      if (records.empty()) continue;
      TILTS_CHECK(processor.Process(at, expected, records));
      expected = records.back().offset + 1;
    }
  }
  return {};
}

std::vector<events::Record> RiskTest::ReadAll(const std::string& topic, int partitions) {
  std::vector<events::Record> all;
  for (int i = 0; i < partitions; ++i) {
    const std::int64_t end = reader_->Describe({{topic, i}}).value().front().end;
    if (end == 0) continue;
    EXPECT_TRUE(reader_->Seek({{topic, i}, 0}));
    for (std::int64_t next = 0; next < end;) {
      auto records = reader_->Read(500, std::chrono::seconds(1)).value();
      for (events::Record& record : records) {
        next = record.offset + 1;
        all.push_back(std::move(record));
      }
    }
  }
  return all;
}

std::vector<events::v1::Envelope> RiskTest::Said() {
  std::vector<events::v1::Envelope> envelopes;
  for (const events::Record& record : ReadAll(risk_topic_, 1))
    envelopes.push_back(events::Decode(record.value).value());
  return envelopes;
}

std::string RiskTest::Digest() {
  std::string digests;
  for (const events::TopicPartition& at : All()) {
    const Snapshot snapshot = store_->Load(at).value();
    digests += DigestOf(PictureOf(at.partition, snapshot.control, snapshot.pupils, snapshot.proposals));
  }
  return digests;
}

events::TopicPartition RiskTest::PartitionOf(const std::string& pupil) const {
  return At(events::PartitionOf(pupil, kPartitions));
}

std::string RiskTest::Key(const std::string& pupil, const std::string& what) const {
  return core::Concat("{", space(), ":", facts_topic_, ":", PartitionOf(pupil).partition, "}:", what);
}

rpc::CallContext RiskTest::As(const std::string& institution, bool is_operator) const {
  rpc::CallContext call;
  call.principal.kind = is_operator ? auth::Principal::Kind::kOperator : auth::Principal::Kind::kInstitution;
  call.principal.institution_id = institution;
  call.principal.client_id = "client-of-" + institution;
  call.principal.issuer = "api-key";
  call.method = "tilts.risk.v1.RiskService/Test";
  call.call_id = testing::UniqueName("call");
  call.now = clock_.Now();
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  return call;
}

}  // namespace tilts::risk_scoring
