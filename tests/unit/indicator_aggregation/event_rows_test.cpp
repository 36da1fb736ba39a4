#include "indicator_aggregation/app/event_rows.hpp"

#include <gtest/gtest.h>

#include "wire/time.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr int kDay = 20'514;  // 2026-03-02

Envelope EnvelopeAt(const std::string& time) {
  Envelope envelope;
  envelope.set_id("event");
  envelope.set_municipality("LV-RIX");
  *envelope.mutable_occurred_at() = wire::ToTimestamp(core::ParseRfc3339(time).value());
  return envelope;
}

facts::v1::AttendanceRecorded Attendance() {
  facts::v1::AttendanceRecorded fact;
  fact.set_pupil_id("pupil");
  fact.mutable_stamp()->set_record_id(std::string(16, 'r'));
  fact.mutable_stamp()->set_revision(1);
  fact.set_day(kDay);
  return fact;
}

TEST(EventRowsTest, ImpossibleFactsAreRefused) {
  const Envelope envelope = EnvelopeAt("2026-03-02T08:00:00Z");
  EXPECT_TRUE(AdditionsOf(envelope, Attendance()));
  auto fact = Attendance();
  fact.mutable_stamp()->set_revision(0);
  EXPECT_FALSE(AdditionsOf(envelope, fact));
  fact.mutable_stamp()->set_revision(65'536);
  EXPECT_FALSE(AdditionsOf(envelope, fact));
  fact = Attendance();
  fact.mutable_stamp()->set_record_id("short");
  EXPECT_FALSE(AdditionsOf(envelope, fact));
  fact = Attendance();
  fact.set_day(-1);
  EXPECT_FALSE(AdditionsOf(envelope, fact));
  fact = Attendance();
  fact.set_pupil_id(std::string("pu\0pil", 6));
  EXPECT_FALSE(AdditionsOf(envelope, fact)) << "the store would refuse the whole batch";
}

TEST(EventRowsTest, DecisionCountsOnItsDayInRiga) {
  cases::v1::TierDecided event;
  event.set_pupil_id("pupil");
  event.set_institution_id("school");
  event.set_decision(codes::v1::TIER_DECISION_CONFIRM);
  const auto late = AdditionsOf(EnvelopeAt("2026-03-01T22:30:00Z"), event);
  ASSERT_TRUE(late.has_value()) << late.error().message;
  EXPECT_EQ(late->rows.at(0).day, kDay) << "half past midnight there";
  EXPECT_EQ(late->rows.at(0).school_year, "2025/26");
  EXPECT_EQ(late->rows.at(0).codes.decision, 1);
}

TEST(EventRowsTest, CrossingAndRetractionAreRevisionsOfOneRow) {
  risk::v1::LimitCrossed crossed;
  crossed.set_pupil_id("pupil");
  crossed.set_school_year("2025/26");
  crossed.set_semester(1);
  crossed.set_crossing(2);
  risk::v1::LimitRetracted retracted;
  retracted.set_pupil_id("pupil");
  retracted.set_school_year("2025/26");
  retracted.set_semester(1);
  retracted.set_crossing(1);
  const Envelope envelope = EnvelopeAt("2026-03-02T08:00:00Z");
  const Row again = AdditionsOf(envelope, crossed)->rows.at(0);
  const Row back = AdditionsOf(envelope, retracted)->rows.at(0);
  EXPECT_EQ(again.record_id, back.record_id);
  EXPECT_FALSE(Merge(again, back).withdrawn) << "the second crossing came after the first retraction";
  crossed.set_semester(2);
  EXPECT_NE(AdditionsOf(envelope, crossed)->rows.at(0).record_id, back.record_id);
}

TEST(EventRowsTest, CaseEnteredInErrorIsWithdrawn) {
  cases::v1::CaseStateChanged event;
  event.set_case_id("case");
  event.set_state(codes::v1::CASE_STATE_CLOSED);
  Envelope envelope = EnvelopeAt("2026-03-02T08:00:00Z");
  envelope.set_sequence(4);
  EXPECT_TRUE(AdditionsOf(envelope, event)->rows.empty());
  event.set_state(codes::v1::CASE_STATE_ENTERED_IN_ERROR);
  EXPECT_TRUE(AdditionsOf(envelope, event)->rows.at(0).withdrawn);
}

}  // namespace
}  // namespace tilts::indicator_aggregation
