#include "registry_fixture.hpp"

namespace tilts::registry {
namespace {

using core::Errc;

class RegisterTest : public RegistryTest {
 protected:
  void SetUp() override {
    RegistryTest::SetUp();
    if (!HasFatalFailure()) Seed();
  }

  v1::Institution Get(const std::string& id) {
    v1::GetInstitutionRequest request;
    request.set_institution_id(id);
    return register_->GetInstitution(request).value().institution();
  }

  core::Result<v1::PutInstitutionResponse> Put(const rpc::CallContext& call, const v1::Institution& institution,
                                               const std::string& request_id = testing::UniqueName("r")) {
    v1::PutInstitutionRequest request;
    request.set_request_id(request_id);
    request.set_institution_id(institution.institution_id());
    *request.mutable_institution() = institution;
    return register_->PutInstitution(call, request);
  }
};

TEST_F(RegisterTest, SeedIsStoredWholeAndASecondTimeChangesNothing) {
  const auto again = ApplySeed(*register_store_, seed_).value();
  EXPECT_EQ(again.added + again.updated + again.kept, 0U);
  for (const Institution& institution : seed_) {
    const auto stored = Get(institution.institution_id);
    EXPECT_EQ(stored.name_lv(), institution.name_lv);
    EXPECT_EQ(stored.units_size(), static_cast<int>(institution.units.size()));
    EXPECT_EQ(stored.version(), 1U);
  }
}

TEST_F(RegisterTest, NewerSeedUpdatesWhatPeopleLeftAloneAndKeepsWhatTheyChanged) {
  v1::Institution changed = Get("riga-rsd");
  changed.set_at_capacity(true);
  ASSERT_TRUE(Put(As("riga-rsd"), changed));
  for (Institution& institution : seed_) institution.name_en += " (renamed)";
  const auto outcome = ApplySeed(*register_store_, seed_).value();
  EXPECT_EQ(outcome.kept, 1U);
  EXPECT_EQ(outcome.updated, seed_.size() - 1);
  EXPECT_EQ(Get("riga-rsd").name_en().find("renamed"), std::string::npos);
  EXPECT_NE(Get("riga-rpp").name_en().find("renamed"), std::string::npos);
}

TEST_F(RegisterTest, ListGoesThroughAllPagesInOrder) {
  v1::ListInstitutionsRequest request;
  request.set_page_size(50);
  std::vector<std::string> ids;
  for (;;) {
    const auto page = register_->ListInstitutions(request).value();
    EXPECT_GT(page.registry_version(), 1U);
    for (const auto& institution : page.institutions()) ids.push_back(institution.institution_id());
    if (page.next_page_token().empty()) break;
    request.set_page_token(page.next_page_token());
  }
  EXPECT_EQ(ids.size(), seed_.size());
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  v1::ListInstitutionsRequest schools;
  schools.set_kind(codes::v1::INSTITUTION_KIND_SCHOOL);
  EXPECT_EQ(register_->ListInstitutions(schools).value().institutions_size(), 101);
}

TEST_F(RegisterTest, ChangeRaisesVersionsAndLeavesOneAuditRecord) {
  const auto before = register_->GetGrantSnapshot(0).value().version();
  v1::Institution institution = Get("riga-ngo-1");
  institution.set_at_capacity(true);
  auto& hours = *institution.add_duty_hours();
  hours.set_weekday(6);
  hours.set_from_minute(540);
  hours.set_to_minute(780);
  const auto put = Put(AsOperator(), institution);
  ASSERT_TRUE(put) << put.error().message;
  EXPECT_EQ(put->institution().version(), 2U);
  EXPECT_EQ(Get("riga-ngo-1").SerializeAsString(), put->institution().SerializeAsString());
  EXPECT_EQ(register_->GetGrantSnapshot(0).value().version(), before + 1);
  const auto records = AuditRecords();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].object_ids(0), "institution/riga-ngo-1");
  EXPECT_EQ(records[0].action(), audit::v1::AUDIT_ACTION_WRITE);
  EXPECT_EQ(records[0].decision_reason(), "OPERATOR");
  EXPECT_FALSE(records[0].system());
}

TEST_F(RegisterTest, SameRequestGivesTheSameAnswerAndHappensOnce) {
  v1::Institution institution = Get("riga-ngo-1");
  institution.set_at_capacity(true);
  const auto first = Put(AsOperator(), institution, "one");
  const auto second = Put(AsOperator(), institution, "one");
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(Get("riga-ngo-1").version(), 2U);
  EXPECT_EQ(AuditRecords().size(), 1U);
  institution.set_at_capacity(false);
  EXPECT_EQ(Put(AsOperator(), institution, "one").error().reason, "IDEMPOTENCY_BODY");
  EXPECT_EQ(Put(AsOperator(), institution, "").error().reason, "REQUEST_ID");
}

TEST_F(RegisterTest, RefusedChangeLeavesNothingBehind) {
  v1::Institution institution = Get("riga-ngo-1");
  institution.set_calendar_id("lunar");
  EXPECT_EQ(Put(AsOperator(), institution, "two").error().violations.front().code, "CALENDAR_UNKNOWN");
  institution = Get("riga-ngo-1");
  institution.set_version(7);
  EXPECT_EQ(Put(AsOperator(), institution).error().code, Errc::kConflict);
  EXPECT_EQ(Put(As("riga-ngo-2"), Get("riga-ngo-1")).error().code, Errc::kDenied);
  EXPECT_TRUE(AuditRecords().empty());
  EXPECT_EQ(Get("riga-ngo-1").version(), 1U);
  // The key is free again: the mended request may use it.
  EXPECT_TRUE(Put(AsOperator(), Get("riga-ngo-1"), "two"));
}

TEST_F(RegisterTest, UnknownInstitutionIsNotFound) {
  v1::GetInstitutionRequest request;
  request.set_institution_id("riga-moon-base");
  EXPECT_EQ(register_->GetInstitution(request).error().code, Errc::kNotFound);
}

TEST_F(RegisterTest, CalendarsAreServedAsTheFilesAre) {
  const auto calendars = register_->ListCalendars().value();
  ASSERT_EQ(calendars.calendars_size(), 3);
  EXPECT_EQ(calendars.calendars(0).calendar_id(), "municipal");
  EXPECT_NE(calendars.calendars(0).json().find("\"holidays\""), std::string::npos);
}

}  // namespace
}  // namespace tilts::registry
