#include "fixture.hpp"

#include "crypto/random.hpp"
#include "indicator_aggregation/adapters/recount.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"
#include "indicator_aggregation/adapters/wiring.hpp"
#include "postgres/migrator.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr char kFolder[] = TILTS_SOURCE_DIR "/services/indicator_aggregation";

}  // namespace

void IndicatorTest::SetUp() {
  ServerTest::SetUp();
  if (HasFatalFailure()) return;
  auto book = ReadDefinitions(std::string(kFolder) + "/data");
  ASSERT_TRUE(book.has_value()) << book.error().message;
  book_ = std::make_unique<DefinitionBook>(std::move(*book));
  writer_ = std::make_unique<RowWriter>(book_->definitions, Tables::Live());
  handlers_ = writer_->Handlers();
  authorities_ = std::make_unique<Authorities>([]() -> core::Result<std::map<std::string, std::string>> {
    return std::map<std::string, std::string>{{"riga-iksd", kCity}};
  });
  ASSERT_TRUE(authorities_->Refresh());
}

std::unique_ptr<IndicatorTest::City> IndicatorTest::NewCity(const std::string& stem) {
  auto city = std::make_unique<City>();
  city->database = std::make_unique<postgres::Database>(FreshSchema(stem));
  const auto migrations = postgres::ReadMigrations(std::string(kFolder) + "/migrations");
  EXPECT_TRUE(migrations.has_value());
  const auto migrated = postgres::Migrate(*city->database, *migrations);
  EXPECT_TRUE(migrated.has_value()) << migrated.error().message << migrated.error().reason;
  const auto counted =
      city->database->Transact([&](postgres::UnitOfWork& unit) { return RecountIfChanged(unit, *book_); });
  EXPECT_TRUE(counted.has_value()) << counted.error().message << counted.error().reason;
  city->processor = std::make_unique<postgres::SqlBatchProcessor>(
      *city->database, handlers_, clock_, postgres::SqlBatchOptions{kGroup, TopicsOfIndicators().order_free, {}});
  return city;
}

core::Status IndicatorTest::Feed(City& city, const std::vector<events::Draft>& drafts, std::size_t batch) {
  std::map<events::TopicPartition, std::vector<events::Record>> partitions;
  const auto flush = [&](const events::TopicPartition& at) -> core::Status {
    std::vector<events::Record> records;
    records.swap(partitions[at]);
    if (records.empty()) return {};
    const auto stored = city.processor->LoadOffsets({at});
    if (!stored) return core::Fail(stored.error());
    return city.processor->Process(at, stored->at(0), records);
  };
  for (const events::Draft& draft : drafts) {
    const events::TopicPartition at{draft.topic, 0};
    partitions[at].push_back({at, city.offsets[at]++, draft.key, draft.value, {}});
    if (partitions[at].size() >= batch) TILTS_CHECK(flush(at));
  }
  std::vector<events::TopicPartition> left;
  for (const auto& [at, records] : partitions) left.push_back(at);
  for (const auto& at : left) TILTS_CHECK(flush(at));
  return {};
}

std::string IndicatorTest::RecordId(const std::string& name) {
  std::string id = name;
  id.resize(16, '.');
  return id;
}

facts::v1::Stamp IndicatorTest::StampOf(const std::string& record, std::uint32_t revision, bool withdrawn,
                                        const std::string& institution) {
  facts::v1::Stamp stamp;
  stamp.set_record_id(RecordId(record));
  stamp.set_revision(revision);
  stamp.set_withdrawn(withdrawn);
  stamp.set_institution_id(institution);
  return stamp;
}

events::Draft IndicatorTest::DraftOf(const google::protobuf::Message& event, const std::string& subject,
                                     std::uint64_t sequence, const std::string& at) {
  events::Meta meta;
  meta.id = crypto::RandomId();
  meta.source = "/test";
  meta.subject = subject;
  meta.sequence = sequence;
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = meta.recorded_at = core::ParseRfc3339(at).value();
  meta.school_year = "2025/26";
  meta.municipality = kCity;
  auto draft = events::MakeDraft(event, meta);
  EXPECT_TRUE(draft.has_value()) << draft.error().message;
  return *draft;
}

events::Draft IndicatorTest::Attendance(const std::string& record, const std::string& pupil, std::uint32_t revision,
                                        bool withdrawn, int day) {
  facts::v1::AttendanceRecorded fact;
  fact.set_pupil_id(pupil);
  *fact.mutable_stamp() = StampOf(record, revision, withdrawn);
  fact.set_day(day);
  fact.set_lessons_offered(7);
  return DraftOf(fact, pupil);
}

events::Draft IndicatorTest::Consultation(const std::string& record, const std::string& learner,
                                          std::vector<codes::v1::ConsultationReason> reasons, std::uint32_t revision,
                                          bool withdrawn, const std::string& institution) {
  facts::v1::ConsultationRecorded fact;
  fact.set_statistics_id(learner);
  *fact.mutable_stamp() = StampOf(record, revision, withdrawn, institution);
  fact.set_day(kMonday);
  fact.set_specialist(codes::v1::SPECIALIST_SOCIAL_PEDAGOGUE);
  for (const auto reason : reasons) fact.add_reasons(reason);
  fact.set_stage(codes::v1::EDUCATION_STAGE_BASIC);
  fact.set_grade(7);
  return DraftOf(fact, learner);
}

events::Draft IndicatorTest::Enrolment(const std::string& record, const std::string& pupil, std::uint32_t revision,
                                       int from_day, int to_day, codes::v1::EnrolmentEndReason reason,
                                       const std::string& institution) {
  facts::v1::EnrolmentRecorded fact;
  fact.set_pupil_id(pupil);
  *fact.mutable_stamp() = StampOf(record, revision, false, institution);
  fact.set_from_day(from_day);
  fact.set_to_day(to_day);
  fact.set_end_reason(reason);
  fact.set_stage(codes::v1::EDUCATION_STAGE_BASIC);
  fact.set_grade(7);
  return DraftOf(fact, pupil);
}

events::Draft IndicatorTest::Sent(const std::string& referral, const std::string& case_id,
                                  codes::v1::InstitutionKind kind, codes::v1::ReferralKind ask) {
  referrals::v1::ReferralMoved event;
  event.set_case_id(case_id);
  event.set_move(codes::v1::REFERRAL_MOVE_SEND);
  auto& facts = *event.mutable_facts();
  facts.set_referral_id(referral);
  facts.set_case_id(case_id);
  facts.set_recipient_id("recipient");
  facts.set_recipient_kind(kind);
  facts.set_kind(ask);
  facts.set_state(codes::v1::REFERRAL_STATE_REQUESTED);
  facts.set_sequence(1);
  return DraftOf(event, referral, 1);
}

events::Draft IndicatorTest::Closed(int day) {
  facts::v1::SchoolDayClosed event;
  event.set_control("school-day");
  event.set_day(day);
  return DraftOf(event, "school-day");
}

std::string IndicatorTest::Sql(City& city, const std::string& query) {
  const auto rows = city.database->Query(query);
  EXPECT_TRUE(rows.has_value()) << rows.error().reason;
  return !rows || rows->empty() ? "" : rows->front().OptionalText(0).value_or("");
}

std::string IndicatorTest::ValueOf(City& city, const std::string& indicator, const std::string& category,
                                   const std::string& institution, const std::string& year) {
  const auto rows = city.database->Query(
      "SELECT numerator || '/' || denominator FROM indicator_value WHERE indicator_id = $1 AND category = $2 AND "
      "institution_id = $3 AND school_year = $4",
      {indicator, category, institution, year});
  EXPECT_TRUE(rows.has_value());
  return rows->empty() ? "" : rows->front().Text(0);
}

std::string IndicatorTest::Digest(City& city) {
  const auto digest =
      ReadOneMoment(*city.database, [](postgres::UnitOfWork& unit) { return TablesDigest(unit, Tables::Live()); });
  EXPECT_TRUE(digest.has_value()) << digest.error().message << digest.error().reason;
  return digest.value_or("");
}

std::map<Cell, Numbers> IndicatorTest::Stored(City& city) {
  const auto rows = city.database->Query(
      "SELECT indicator_id, definition_version, school_year, municipality, institution_id, category, numerator, "
      "denominator FROM indicator_value");
  EXPECT_TRUE(rows.has_value());
  std::map<Cell, Numbers> values;
  for (const postgres::Row row : *rows) {
    values[{row.Text(0), static_cast<int>(row.Int(1)), row.Text(2), row.Text(3), row.Text(4), row.Text(5)}] = {
        row.Int(6), row.Int(7)};
  }
  return values;
}

std::map<Cell, Numbers> IndicatorTest::Recounted(City& city) const {
  Tally tally;
  const auto done = city.database->Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    const RowStore store(Tables::Live());
    TILTS_ASSIGN(const auto pupils, store.EnrolledPupils(unit, "", 100'000));
    TILTS_ASSIGN(auto rows, store.EnrolmentsOf(unit, pupils));
    TILTS_ASSIGN(const auto others, store.OthersAfter(unit, "", 100'000));
    rows.insert(others.begin(), others.end());
    std::vector<Row> list;
    for (const auto& [id, row] : rows) list.push_back(row);
    TILTS_ASSIGN(const auto year, unit.Exec("SELECT school_year FROM current_year"));
    Count(book_->definitions, list, year.front().Text(0), 1, tally);
    return {};
  });
  EXPECT_TRUE(done.has_value());
  return ValuesOf(tally);
}

IndicatorMethods IndicatorTest::MethodsOf(City& city) {
  return IndicatorMethods({*city.database, *book_, *authorities_, postgres::Idempotency("secret"), 5});
}

rpc::CallContext IndicatorTest::CallBy(const std::string& institution, auth::Principal::Kind kind) {
  rpc::CallContext call;
  call.principal.kind = kind;
  call.principal.institution_id = institution;
  call.principal.client_id = "client";
  call.principal.issuer = "gateway";
  call.method = "test";
  call.call_id = crypto::RandomId();
  call.now = FixedClock().Now();
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  return call;
}

}  // namespace tilts::indicator_aggregation
