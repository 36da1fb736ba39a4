#include "register_test.hpp"

#include "crypto/random.hpp"
#include "postgres/migrator.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake::testing {
namespace {

constexpr char kServiceFolder[] = TILTS_SOURCE_DIR "/services/case_intake";

Institutions City() {
  return Institutions({
      {.id = kSchool, .kind = InstitutionKind::kSchool, .municipality = "LV-RIX"},
      {.id = kOtherSchool, .kind = InstitutionKind::kSchool, .municipality = "LV-RIX"},
      {.id = "riga-iksd", .kind = InstitutionKind::kIksd, .municipality = "LV-RIX"},
      {.id = kSocialService,
       .kind = InstitutionKind::kSocialService,
       .municipality = "LV-RIX",
       .territory = {"LV-RIX"}},
  });
}

}  // namespace

void RegisterTest::SetUp() {
  ServerTest::SetUp();
  if (HasFatalFailure()) return;
  database_ = std::make_unique<postgres::Database>(FreshSchema());
  const auto migrations = postgres::ReadMigrations(std::string(kServiceFolder) + "/migrations");
  ASSERT_TRUE(migrations) << migrations.error().message;
  const auto applied = postgres::Migrate(*database_, *migrations);
  ASSERT_TRUE(applied) << applied.error().message;
  auto book = RulesBook::Load(std::string(kServiceFolder) + "/data", kSocialService);
  ASSERT_TRUE(book) << book.error().message;
  rules_ = std::move(*book);
  rules_->UseInstitutions(City());
  sealer_ = std::make_unique<Sealer>(crypto::KeyRing::Parse(crypto::KeyRing::Generate()).value());
  office_ =
      std::make_unique<Office>(Office{*database_, postgres::Idempotency("test secret"), "test secret", *sealer_, vault_,
                                      *rules_, log::Silent(), "LV-RIX", std::chrono::seconds(2), Probe()});
  reports_ = std::make_unique<ReportDesk>(*office_);
  cases_ = std::make_unique<CaseDesk>(*office_);
  worker_ = std::make_unique<HeldWorker>(*office_, clock_, std::chrono::milliseconds(10));
  follower_ = std::make_unique<ReferralFollower>(*office_);
}

rpc::CallContext RegisterTest::CallBy(const std::string& institution) const {
  rpc::CallContext call;
  call.principal.kind = auth::Principal::Kind::kInstitution;
  call.principal.client_id = "client-of-" + institution;
  call.principal.institution_id = institution;
  call.principal.issuer = "api-key";
  call.method = "tilts.intake.v1.IntakeService/Test";
  call.call_id = crypto::RandomId();
  call.now = clock_.Now();
  call.deadline = rpc::Deadline::max();
  return call;
}

rpc::CallContext RegisterTest::CallByService(const std::string& service) const {
  rpc::CallContext call = CallBy("");
  call.principal = {};
  call.principal.kind = auth::Principal::Kind::kService;
  call.principal.service = service;
  call.principal.issuer = service;
  return call;
}

void RegisterTest::Identify(intake::v1::ReportedPerson& person, const std::string& person_code) {
  intake::v1::PersonIdentifier& identifier = *person.add_identifiers();
  identifier.set_system(codes::v1::IDENTIFIER_SYSTEM_NATIONAL_CODE);
  identifier.set_value(person_code);
}

intake::v1::ReportConcernRequest RegisterTest::ReportOf(const std::string& request_id, const std::string& person_code) {
  intake::v1::ReportConcernRequest request;
  request.set_request_id(request_id);
  request.set_stream(codes::v1::STREAM_VIOLENCE);
  request.add_concerns(codes::v1::CONCERN_CODE_PHYSICAL);
  request.set_relation(codes::v1::RELATION_PEER);
  request.set_place(codes::v1::PLACE_SCHOOL);
  *request.mutable_occurred_at() = wire::ToTimestamp(core::ParseRfc3339("2026-03-02T07:00:00Z").value());
  request.set_description("planted-text of what happened");
  intake::v1::ReportedPerson& child = *request.add_people();
  child.set_role(codes::v1::PERSON_ROLE_VICTIM);
  Identify(child, person_code);
  child.set_given_name("Planted-given");
  child.set_family_name("Planted-family");
  child.set_age_years(12);
  child.set_school_id(kSchool);
  child.set_residence_municipality("LV-RIX");
  return request;
}

intake::v1::ReportConcernResponse RegisterTest::Accepted(const std::string& institution,
                                                         const intake::v1::ReportConcernRequest& request) {
  const auto answer = reports_->Accept(CallBy(institution), request);
  EXPECT_TRUE(answer) << answer.error().reason << ": " << answer.error().message;
  return answer ? *answer : intake::v1::ReportConcernResponse();
}

std::string RegisterTest::CaseOf(const std::string& report_id) const {
  const auto rows = database_->Query("SELECT case_id FROM report WHERE report_id = $1", {report_id});
  return rows && !rows->empty() ? rows->front().Text(0) : std::string();
}

intake::v1::Case RegisterTest::Read(const std::string& institution, const std::string& case_id) {
  intake::v1::GetCaseRequest request;
  request.set_case_id(case_id);
  const auto answer = cases_->Show(CallBy(institution), request);
  EXPECT_TRUE(answer) << answer.error().message;
  return answer ? answer->case_file() : intake::v1::Case();
}

core::Status RegisterTest::Follow(const std::string& referral_id, const std::string& case_id, std::uint64_t sequence,
                                  codes::v1::ReferralState state, codes::v1::ReferralKind kind) {
  referrals::v1::ReferralMoved event;
  event.set_case_id(case_id);
  event.mutable_facts()->set_referral_id(referral_id);
  event.mutable_facts()->set_case_id(case_id);
  event.mutable_facts()->set_kind(kind);
  event.mutable_facts()->set_state(state);
  event.mutable_facts()->set_sequence(sequence);
  events::v1::Envelope envelope;
  envelope.set_id(crypto::RandomId());
  *envelope.mutable_recorded_at() = wire::ToTimestamp(clock_.Now());
  return database_->Transact([&](postgres::UnitOfWork& unit) { return follower_->OnMoved(unit, envelope, event); });
}

std::int64_t RegisterTest::Count(const std::string& from) const {
  const auto rows = database_->Query("SELECT count(*) FROM " + from);
  EXPECT_TRUE(rows) << from;
  return rows ? rows->front().Int(0) : -1;
}

std::vector<events::v1::Envelope> RegisterTest::Published() const {
  std::vector<events::v1::Envelope> envelopes;
  const auto rows = database_->Query("SELECT body FROM outbox ORDER BY seq");
  EXPECT_TRUE(rows);
  for (const postgres::Row row : *rows) {
    events::v1::Envelope envelope;
    EXPECT_TRUE(envelope.ParseFromString(row.BytesOf(0)));
    envelopes.push_back(std::move(envelope));
  }
  return envelopes;
}

}  // namespace tilts::case_intake::testing
