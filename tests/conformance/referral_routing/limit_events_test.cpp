// Statutory notices against the real store: made once, cancelled while unread, taken back aloud once read.
#include "referral_routing/app/limit_events.hpp"

#include <gtest/gtest.h>

#include "referral_routing/domain/notice.hpp"
#include "routing_fixture.hpp"

namespace tilts::referral_routing {
namespace {

class LimitEventsTest : public RoutingTest {
 protected:
  static constexpr char kPupil[] = "pupil-1";

  core::Status Cross(const std::string& school = "school", unsigned crossing = 1) {
    risk::v1::LimitCrossed event;
    event.set_pupil_id(kPupil);
    event.set_institution_id(school);
    event.set_school_year("2025/26");
    event.set_semester(2);
    event.set_lessons(21);
    event.set_limit(20);
    event.set_legal_basis("Cabinet Regulation 89");
    event.set_as_of_day(20'514);  // 2 March 2026
    event.set_crossing(crossing);
    return Take(event);
  }
  core::Status Retract(unsigned crossing = 1) {
    risk::v1::LimitRetracted event;
    event.set_pupil_id(kPupil);
    event.set_institution_id("school");
    event.set_school_year("2025/26");
    event.set_semester(2);
    event.set_lessons(20);
    event.set_crossing(crossing);
    return Take(event);
  }
  core::Status Acknowledge(const std::string& institution, const core::ReferralId& id) const {
    MoveRequest request;
    request.move = Move::kAcknowledge;
    request.role = "duty-officer";
    TILTS_CHECK(Do(institution, id.value(), request));
    return {};
  }
  static std::string NoticeId(unsigned crossing = 1) { return NoticeIdOf(kPupil, "2025/26", 2, crossing).value(); }

 private:
  template <typename Event>
  core::Status Take(const Event& event) {
    events::v1::Envelope envelope;
    envelope.set_id("risk-event");
    envelope.set_correlation_id("chain");
    envelope.set_municipality("LV-RIX");
    const LimitEvents events(data_, holder_, clock_, log::Silent());
    return database_->Transact([&](postgres::UnitOfWork& unit) {
      SqlStore store(unit);
      return events.On(store, envelope, event);
    });
  }
};

TEST_F(LimitEventsTest, TellsTheAuthorityAndTasksTheSchoolOnce) {
  ASSERT_TRUE(Cross());
  ASSERT_TRUE(Cross());
  ASSERT_EQ(Referrals(NoticeId()).size(), 2U);
  const Referral notice = Find(NoticeId(), kAbsenceNotice);
  EXPECT_EQ(notice.recipient.value(), "iksd");
  EXPECT_EQ(notice.requester.value(), "school");
  EXPECT_EQ(notice.ask.kind, ReferralKind::kInform);
  EXPECT_TRUE(notice.due.acknowledge);
  EXPECT_EQ(Find(NoticeId(), kAbsenceTask).recipient.value(), "school");
  EXPECT_EQ(Emitted<referrals::v1::ReferralMoved>().size(), 2U);
  EXPECT_EQ(Emitted<audit::v1::AuditRecorded>().size(), 1U);
}

TEST_F(LimitEventsTest, SilenceOfTheSchoolIsToldToTheAuthorityThatAsked) {
  ASSERT_TRUE(Cross());
  auto worker = MakeWorker(*database_);
  clock_.now += std::chrono::hours{24 * 20};
  while (worker->FireDue().value() > 0) continue;
  std::vector<std::string> told;
  for (const auto& event : Emitted<referrals::v1::ReferralEscalated>()) {
    if (event.facts().purpose_code() != kAbsenceTask || event.rung_id() != "last") continue;
    told.assign(event.notify_institution_ids().begin(), event.notify_institution_ids().end());
  }
  EXPECT_TRUE(std::ranges::find(told, "iksd") != told.end()) << told.size();
  EXPECT_TRUE(std::ranges::find(told, "school") == told.end());
}

TEST_F(LimitEventsTest, OnlyTheRecipientOfAStandingNoticeReadsWhoItIs) {
  ASSERT_TRUE(Cross());
  const std::string id = Find(NoticeId(), kAbsenceNotice).id.value();
  const auto read = api_->Get(As("iksd"), id);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->view(), "STATUTORY_NOTICE");
  EXPECT_EQ(read->notice().given_name(), "GIVEN-NAME");
  EXPECT_EQ(read->notice().as_of_day(), "2026-03-02");
  EXPECT_EQ(read->notice().lessons(), 21U);
  EXPECT_FALSE(read->has_case_view());
  const auto asked = api_->Get(As("school"), id);
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->notice().lessons(), 21U);
  EXPECT_EQ(asked->notice().given_name(), "");
  EXPECT_FALSE(api_->Get(As("police"), id));
  ASSERT_TRUE(Acknowledge("iksd", core::ReferralId(id)));
  EXPECT_EQ(api_->Get(As("iksd"), id)->notice().given_name(), "GIVEN-NAME") << "it is there to be acted on";
}

TEST_F(LimitEventsTest, ALateExcuseCancelsWhatNobodyRead) {
  ASSERT_TRUE(Cross());
  ASSERT_TRUE(Retract());
  ASSERT_TRUE(Retract());
  ASSERT_EQ(Referrals(NoticeId()).size(), 2U);
  for (const Referral& referral : Referrals(NoticeId())) EXPECT_EQ(referral.state, ReferralState::kCancelled);
  const std::string id = Find(NoticeId(), kAbsenceNotice).id.value();
  EXPECT_EQ(api_->Get(As("iksd"), id)->notice().given_name(), "") << "access ends with the notice";
}

TEST_F(LimitEventsTest, WhatWasReadIsTakenBackAloud) {
  ASSERT_TRUE(Cross());
  ASSERT_TRUE(Acknowledge("iksd", Find(NoticeId(), kAbsenceNotice).id));
  ASSERT_TRUE(Retract());
  ASSERT_TRUE(Retract());
  EXPECT_EQ(Find(NoticeId(), kAbsenceNotice).state, ReferralState::kReceived);
  EXPECT_EQ(Find(NoticeId(), kAbsenceTask).state, ReferralState::kCancelled);
  const Referral retraction = Find(NoticeId(), kAbsenceNoticeRetracted);
  EXPECT_EQ(retraction.recipient.value(), "iksd");
  EXPECT_EQ(retraction.state, ReferralState::kRequested);
  EXPECT_EQ(Referrals(NoticeId()).size(), 3U);
  const auto read = api_->Get(As("iksd"), retraction.id.value());
  EXPECT_TRUE(read->notice().retracted());
  EXPECT_EQ(read->notice().given_name(), "");
}

TEST_F(LimitEventsTest, ASecondCrossingIsANoticeOfItsOwn) {
  ASSERT_TRUE(Cross());
  ASSERT_TRUE(Retract());
  ASSERT_TRUE(Cross("school", 2));
  EXPECT_EQ(Find(NoticeId(2), kAbsenceNotice).state, ReferralState::kRequested);
  EXPECT_NE(NoticeId(1), NoticeId(2));
}

TEST_F(LimitEventsTest, ANoticeIsNoCase) {
  ASSERT_TRUE(Cross());
  referrals::v1::ExplainRoutingRequest request;
  request.set_case_id(NoticeId());
  EXPECT_FALSE(api_->Explain(As("school"), request));
}

TEST_F(LimitEventsTest, AnUnknownSchoolIsParkedForAnOperator) {
  const auto refused = Cross("nowhere");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "SCHOOL_UNKNOWN");
  EXPECT_TRUE(Referrals(NoticeId()).empty());
}

}  // namespace
}  // namespace tilts::referral_routing
