#include "routing_fixture.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/encoding.hpp"
#include "postgres/migrator.hpp"

namespace tilts::referral_routing {
namespace {

using codes::v1::InstitutionKind;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void AddInstitution(registry::v1::ListInstitutionsResponse& city, const std::string& id, InstitutionKind kind,
                    const std::string& municipality, unsigned preference = 0, bool everywhere = false) {
  auto& institution = *city.add_institutions();
  institution.set_institution_id(id);
  institution.set_kind(kind);
  institution.set_municipality(municipality);
  if (!everywhere) institution.add_territory(municipality);
  institution.set_calendar_id(kind == codes::v1::INSTITUTION_KIND_SCHOOL ? "schools" : "municipal");
  institution.set_supervisor_id("management");
  institution.set_preference(preference);
  institution.set_round_the_clock(kind == codes::v1::INSTITUTION_KIND_STATE_POLICE);
}

registry::v1::ListInstitutionsResponse City() {
  using namespace codes::v1;  // NOLINT(google-build-using-namespace): a table of kinds
  registry::v1::ListInstitutionsResponse city;
  AddInstitution(city, "police", INSTITUTION_KIND_STATE_POLICE, "LV-RIX", 0, true);
  AddInstitution(city, "social", INSTITUTION_KIND_SOCIAL_SERVICE, "LV-RIX");
  AddInstitution(city, "court", INSTITUTION_KIND_ORPHANS_COURT, "LV-RIX");
  AddInstitution(city, "centre-1", INSTITUTION_KIND_CRISIS_CENTRE, "LV-RIX", 1);
  AddInstitution(city, "centre-2", INSTITUTION_KIND_CRISIS_CENTRE, "LV-RIX", 2);
  AddInstitution(city, "youth", INSTITUTION_KIND_RPBJC, "LV-RIX");
  AddInstitution(city, "ngo", INSTITUTION_KIND_NGO, "LV-RIX");
  AddInstitution(city, "group", INSTITUTION_KIND_COOPERATION_GROUP, "LV-RIX");
  AddInstitution(city, "management", INSTITUTION_KIND_MANAGEMENT_GROUP, "LV-RIX");
  AddInstitution(city, "iksd", INSTITUTION_KIND_IKSD, "LV-RIX");
  AddInstitution(city, "bac", INSTITUTION_KIND_CHILD_PROTECTION_CENTRE, "LV-RIX", 0, true);
  AddInstitution(city, "school", INSTITUTION_KIND_SCHOOL, "LV-RIX");
  AddInstitution(city, "jurmala", INSTITUTION_KIND_OTHER_MUNICIPALITY, "LV-JUR");
  return city;
}

events::v1::Envelope EnvelopeOf(const std::string& case_id, const std::string& type) {
  events::v1::Envelope envelope;
  envelope.set_id("event-" + case_id + "-" + type);
  envelope.set_subject(case_id);
  envelope.set_correlation_id("chain-" + case_id);
  envelope.set_school_year("2025/26");
  envelope.set_municipality("LV-RIX");
  return envelope;
}

cases::v1::CaseFacts OfTheSchool(codes::v1::Stream stream) {
  cases::v1::CaseFacts facts;
  facts.set_stream(stream);
  facts.set_school_id("school");
  facts.set_coordinator_id("school");
  facts.set_residence_municipality("LV-RIX");
  facts.set_age_years(12);
  facts.set_level(1);
  return facts;
}

}  // namespace

core::Result<std::string> FakeVault::Wrap(const core::PersonId& person, const std::string& key, const PeerCall&) {
  if (down) return core::Fail(core::Errc::kUnavailable, "the vault is down");
  return person.value() + ":" + std::string(key.rbegin(), key.rend());
}

core::Result<std::string> FakeVault::Unwrap(const core::PersonId& person, const std::string& wrapped, const PeerCall&) {
  if (down) return core::Fail(core::Errc::kUnavailable, "the vault is down");
  if (erased.contains(person)) return core::Fail(core::Errc::kNotFound, "erased", "PERSON_ERASED");
  const std::string prefix = person.value() + ":";
  if (!wrapped.starts_with(prefix)) return core::Fail(core::Errc::kCorrupt, "another person's key");
  const std::string turned = wrapped.substr(prefix.size());
  return std::string(turned.rbegin(), turned.rend());
}

core::Result<registry::v1::DescribedPerson> FakeVault::Describe(const core::PersonId& person,
                                                                const core::InstitutionId&, const PeerCall&) {
  if (down) return core::Fail(core::Errc::kUnavailable, "the vault is down");
  registry::v1::DescribedPerson described;
  described.set_person_id(person.value());
  described.set_given_name("GIVEN-NAME");
  return described;
}

core::Result<intake::v1::Case> FakeCaseViews::Show(const core::CaseId& id, const core::InstitutionId&,
                                                   const PeerCall&) {
  if (down) return core::Fail(core::Errc::kUnavailable, "the case register is down");
  intake::v1::Case file;
  file.set_case_id(id.value());
  file.mutable_facts()->set_age_years(12);
  auto& person = *file.add_people();
  person.set_person_id("child-1");
  person.set_given_name("GIVEN-NAME");
  file.add_reports()->set_reporter_institution_id("REPORTER");
  return file;
}

void RoutingTest::SetUp() {
  ServerTest::SetUp();
  if (HasFatalFailure()) return;
  const std::string source = std::string(TILTS_SOURCE_DIR) + "/services/referral_routing";
  options_ = FreshSchema("routing");
  database_ = std::make_unique<postgres::Database>(options_);
  ASSERT_TRUE(postgres::Migrate(*database_, postgres::ReadMigrations(source + "/migrations").value()));
  static const RoutingData kPublished = ReadRoutingData(source + "/data").value();
  data_ = kPublished;
  UseCity();
  notes_ =
      std::make_unique<Notes>(crypto::KeyRing::Parse("h1 " + crypto::ToBase64(std::string(32, 'h'))).value(), vault_);
  case_events_ = std::make_unique<CaseEvents>(data_, holder_, clock_, log::Silent());
  timer_ = std::make_unique<LadderTimer>(data_, holder_, log::Silent());
  api_ = std::make_unique<ReferralApi>(
      ApiParts{*database_, data_, holder_, *notes_, views_, vault_, idempotency_, log::Silent()});
}

// `calendar_version`: the municipal calendar under another version, in which 3 March is a day off.
void RoutingTest::UseCity(const std::string& calendar_version) {
  registry::v1::ListCalendarsResponse calendars;
  for (const char* id : {"municipal", "state", "schools"}) {
    auto& calendar = *calendars.add_calendars();
    calendar.set_calendar_id(id);
    std::string json = ReadFile(std::string(TILTS_SOURCE_DIR) + "/services/registry/data/calendars/" + id + ".json");
    if (std::string(id) == "municipal" && !calendar_version.empty()) {
      const std::string version = "\"version\": \"";
      const auto at = json.find(version) + version.size();
      json.replace(at, json.find('"', at) - at, calendar_version);
      const std::string holidays = "\"holidays\": [";
      json.insert(json.find(holidays) + holidays.size(),
                  R"({"date": "2026-03-03", "name": "One-off", "status": "assumed"},)");
    }
    calendar.set_json(json);
  }
  holder_.Set(std::make_shared<const Directory>(Directory::Make(City(), calendars).value()));
}

cases::v1::CaseFacts RoutingTest::FamilyViolence() {
  auto facts = OfTheSchool(codes::v1::STREAM_VIOLENCE);
  facts.add_concerns(codes::v1::CONCERN_CODE_PHYSICAL);
  facts.set_relation(codes::v1::RELATION_FAMILY);
  return facts;
}

cases::v1::CaseFacts RoutingTest::UnsafeHome() {
  auto facts = FamilyViolence();
  facts.set_place(codes::v1::PLACE_FAMILY);
  return facts;
}

cases::v1::CaseFacts RoutingTest::Motivation() {
  auto facts = OfTheSchool(codes::v1::STREAM_PMP);
  facts.add_concerns(codes::v1::CONCERN_CODE_MOTIVATION);
  return facts;
}

core::Status RoutingTest::Open(const std::string& case_id, const cases::v1::CaseFacts& facts,
                               const std::string& subject) {
  cases::v1::CaseOpened event;
  event.set_case_id(case_id);
  *event.mutable_facts() = facts;
  event.set_subject_person_id(subject);
  return database_->Transact([&](postgres::UnitOfWork& unit) {
    SqlStore store(unit);
    return case_events_->On(store, EnvelopeOf(case_id, "opened"), event);
  });
}

core::Status RoutingTest::Change(const std::string& case_id, const cases::v1::CaseFacts& facts) {
  cases::v1::CaseFactsChanged event;
  event.set_case_id(case_id);
  *event.mutable_facts() = facts;
  return database_->Transact([&](postgres::UnitOfWork& unit) {
    SqlStore store(unit);
    return case_events_->On(store, EnvelopeOf(case_id, "changed"), event);
  });
}

core::Status RoutingTest::EndCase(const std::string& case_id, codes::v1::CaseState state, const std::string& into) {
  cases::v1::CaseStateChanged event;
  event.set_case_id(case_id);
  event.set_state(state);
  event.set_merged_into_case_id(into);
  return database_->Transact([&](postgres::UnitOfWork& unit) {
    SqlStore store(unit);
    return case_events_->On(store, EnvelopeOf(case_id, "state"), event);
  });
}

std::unique_ptr<DueWorker> RoutingTest::MakeWorker(postgres::Database& database) const {
  return std::make_unique<DueWorker>(database, *timer_, holder_, *notes_, clock_, std::chrono::milliseconds{10}, 100,
                                     log::Silent());
}

rpc::CallContext RoutingTest::As(const std::string& institution) const {
  rpc::CallContext call;
  call.principal.kind = auth::Principal::Kind::kInstitution;
  call.principal.institution_id = institution;
  call.principal.client_id = "client-of-" + institution;
  call.principal.issuer = "api-key";
  call.method = "tilts.referrals.v1.Test/Call";
  call.call_id = testing::UniqueName("call");
  call.now = clock_.now;
  call.deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  return call;
}

core::Result<referrals::v1::Referral> RoutingTest::Do(const std::string& institution, const std::string& referral_id,
                                                      MoveRequest request, const std::string& note,
                                                      const std::string& etag) const {
  referrals::v1::RejectReferralRequest body;
  body.set_request_id(testing::UniqueName("request"));
  request.has_note = !note.empty();
  return api_->Move(As(institution), {body.request_id(), referral_id, etag, note, std::move(request), body});
}

core::Result<referrals::v1::Referral> RoutingTest::Accept(const std::string& institution, const std::string& id) const {
  MoveRequest request;
  request.move = Move::kAccept;
  request.role = "duty-officer";
  return Do(institution, id, request);
}

core::Result<referrals::v1::Referral> RoutingTest::Reject(const std::string& institution, const std::string& id,
                                                          RejectReason reason) const {
  MoveRequest request;
  request.move = Move::kReject;
  request.reject_reason = reason;
  return Do(institution, id, request);
}

std::vector<Referral> RoutingTest::Referrals(const std::string& case_id) const {
  return database_
      ->Transact([&](postgres::UnitOfWork& unit) { return SqlStore(unit).ReferralsOf(core::CaseId(case_id)); })
      .value();
}

Referral RoutingTest::Find(const std::string& case_id, const std::string& purpose) const {
  const auto all = Referrals(case_id);
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [&](const Referral& r) { return r.ask.purpose == purpose; });
  EXPECT_NE(found, all.rend()) << purpose;
  return found == all.rend() ? Referral{} : *found;
}

std::vector<events::v1::Envelope> RoutingTest::Outbox() const {
  std::vector<events::v1::Envelope> envelopes;
  const auto rows = database_->Query("SELECT body FROM outbox ORDER BY seq").value();
  for (const postgres::Row row : rows) envelopes.push_back(events::Decode(row.BytesOf(0)).value());
  return envelopes;
}

std::vector<std::string> RoutingTest::OutboxIds() const {
  std::vector<std::string> ids;
  for (const auto& envelope : Outbox()) ids.push_back(envelope.id());
  return ids;
}

}  // namespace tilts::referral_routing
