#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "core/sha256.hpp"
#include "fixture.hpp"
#include "indicator_aggregation/adapters/reconciliation.hpp"

namespace tilts::indicator_aggregation {
namespace {

class RowsTest : public IndicatorTest {
 protected:
  indicators::v1::ReconcileDayResponse Reconciled(City& city, const std::string& institution = "school-1") {
    indicators::v1::ReconcileDayRequest request;
    request.set_day("2026-03-02");
    const auto answer = MethodsOf(city).ReconcileDay(CallBy(institution), request);
    EXPECT_TRUE(answer.has_value()) << answer.error().message << answer.error().reason;
    return answer.value_or(indicators::v1::ReconcileDayResponse());
  }
};

// A sender's own arithmetic, from what it sent.
std::string DigestOfSent(std::map<std::string, int> sent) {
  std::string bytes;
  for (const auto& [id, revision] : sent) {
    bytes += id;
    bytes += static_cast<char>(revision >> 8);
    bytes += static_cast<char>(revision & 0xff);
  }
  return core::Hex(core::Sha256(bytes));
}

TEST_F(RowsTest, ReconciliationDigestIsWhatTheSenderComputes) {
  const auto city = NewCity("a");
  ASSERT_TRUE(Feed(
      *city, {Attendance("one", "pupil-1"), Attendance("two", "pupil-2", 2), Attendance("two", "pupil-2", 1),
              Attendance("three", "pupil-3", 300, true), Attendance("other-day", "pupil-1", 1, false, kMonday + 1)}));
  const auto answer = Reconciled(*city);
  ASSERT_EQ(answer.kinds_size(), 1);
  EXPECT_EQ(answer.kinds(0).kind(), "attendance");
  EXPECT_EQ(answer.kinds(0).records(), 3U);
  EXPECT_EQ(answer.kinds(0).withdrawn(), 1U);
  EXPECT_EQ(answer.kinds(0).digest(),
            DigestOfSent({{RecordId("one"), 1}, {RecordId("two"), 2}, {RecordId("three"), 300}}));
  EXPECT_EQ(Reconciled(*city, "school-2").kinds_size(), 0);
}

TEST_F(RowsTest, ReconciliationNamesWhoHasNoAttendance) {
  const auto city = NewCity("a");
  ASSERT_TRUE(Feed(
      *city, {Enrolment("e1", "pupil-1"), Enrolment("e2", "pupil-2"),
              Enrolment("e3", "pupil-3", 1, kMonday - 50, kMonday - 1, codes::v1::ENROLMENT_END_REASON_TRANSFER)}));
  EXPECT_EQ(Reconciled(*city).enrolled(), 2U);
  EXPECT_EQ(Reconciled(*city).without_attendance(), 0U) << "not known to be a school day";
  ASSERT_TRUE(Feed(*city, {Closed(kMonday), Attendance("a", "pupil-1")}));
  const auto answer = Reconciled(*city);
  EXPECT_EQ(answer.without_attendance(), 1U);
  EXPECT_THAT(answer.pupil_ids_without_attendance(), ::testing::ElementsAre("pupil-2"));
  EXPECT_EQ(Sql(*city, "SELECT count(*) FROM outbox WHERE topic = 'tilts.audit.v1'"), "3") << "each read is recorded";
}

TEST_F(RowsTest, DuplicatesAndShufflesLeaveTheSameTables) {
  std::vector<events::Draft> drafts;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    const std::string pupil = "pupil-" + std::to_string(i % 7);
    drafts.push_back(Attendance("att-" + n, pupil));
    drafts.push_back(Attendance("att-" + n, pupil, 2, i % 3 == 0));
    drafts.push_back(Consultation("con-" + n, pupil, {codes::v1::CONSULTATION_REASON_BEHAVIOUR}));
    drafts.push_back(Consultation("con-" + n, pupil,
                                  {codes::v1::CONSULTATION_REASON_VIOLENCE, codes::v1::CONSULTATION_REASON_CONFLICT}, 2,
                                  i % 5 == 0));
    drafts.push_back(Enrolment(
        "enr-" + n, pupil, 1, kMonday - 100 + i % 4, i % 2 == 0 ? kMonday : 0,
        i % 2 == 0 ? codes::v1::ENROLMENT_END_REASON_DROPPED_OUT : codes::v1::ENROLMENT_END_REASON_UNSPECIFIED,
        "school-" + std::to_string(i % 3)));
  }
  // Two contributions under one revision: whichever comes first, one of them stays.
  drafts.push_back(Consultation("con-1", "pupil-1", {codes::v1::CONSULTATION_REASON_SOCIAL}, 2));
  drafts.push_back(Closed(kMonday));
  drafts.push_back(Closed(kMonday + 200));
  const auto straight = NewCity("straight");
  ASSERT_TRUE(Feed(*straight, drafts, 500));
  std::mt19937 random(20'260'302);
  for (const char* name : {"first", "second"}) {
    std::vector<events::Draft> shuffled = drafts;
    shuffled.insert(shuffled.end(), drafts.begin(), drafts.end());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    const auto city = NewCity(name);
    ASSERT_TRUE(Feed(*city, shuffled, 17));
    EXPECT_EQ(Digest(*city), Digest(*straight));
    EXPECT_EQ(Stored(*city), Stored(*straight));
    EXPECT_EQ(Sql(*city, "SELECT count(*) FROM dead_letter"), "0");
  }
  EXPECT_EQ(Stored(*straight), Recounted(*straight)) << "values are those of the rows";
  EXPECT_GT(Stored(*straight).size(), 20U);
}

TEST_F(RowsTest, BrokenTransactionLeavesNothingAndIsWrittenOnceLater) {
  const auto city = NewCity("a");
  ASSERT_TRUE(Feed(*city, {Attendance("one", "pupil-1")}));
  const std::string before = Digest(*city);
  // The connection dies after the rows and values were written, before the commit.
  const auto draft = Consultation("two", "learner-1", {codes::v1::CONSULTATION_REASON_BEHAVIOUR});
  const auto broken = city->database->Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    Additions additions;
    additions.rows.push_back(Row{
        RecordId("two"), 1, false, RowKind::kConsultation, kMonday, 0, "learner-1", "school-1", kCity, "2025/26", {}});
    TILTS_CHECK(writer_->Write(unit, {additions}));
    TILTS_CHECK(unit.Exec("SELECT pg_terminate_backend(pg_backend_pid())"));
    return {};
  });
  EXPECT_FALSE(broken.has_value());
  EXPECT_EQ(Digest(*city), before);
  ASSERT_TRUE(Feed(*city, {draft}));
  EXPECT_EQ(ValueOf(*city, "consultations-by-specialist-reason"), "1/0");
}

TEST_F(RowsTest, OneImpossibleRecordCostsTheOthersNothing) {
  const auto city = NewCity("a");
  facts::v1::AttendanceRecorded wrong;
  wrong.set_pupil_id("pupil-1");
  *wrong.mutable_stamp() = StampOf("short");
  wrong.mutable_stamp()->set_record_id("short");
  wrong.set_day(kMonday);
  ASSERT_TRUE(Feed(*city, {Attendance("one", "pupil-1"), DraftOf(wrong, "pupil-1"), Attendance("two", "pupil-2")}));
  EXPECT_EQ(Sql(*city, "SELECT count(*) FROM attendance_row"), "2");
  EXPECT_EQ(Sql(*city, "SELECT reason FROM dead_letter"), "FACT_INVALID");
}

}  // namespace
}  // namespace tilts::indicator_aggregation
