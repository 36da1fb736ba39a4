#include "notification/app/mailing.hpp"

#include <gtest/gtest.h>
#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>
#include <tilts/referrals/v1/events.pb.h>

#include "wire/time.hpp"

namespace tilts::notification {
namespace {

const core::CityTime kNow = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

events::v1::Envelope Envelope() {
  events::v1::Envelope envelope;
  envelope.set_id("event-1");
  *envelope.mutable_occurred_at() = wire::ToTimestamp(kNow);
  return envelope;
}

referrals::v1::ReferralMoved Moved(codes::v1::ReferralMove move, codes::v1::ReferralState state,
                                   const std::string& actor) {
  referrals::v1::ReferralMoved event;
  event.set_case_id("case-1");
  event.set_move(move);
  event.set_actor_institution_id(actor);
  auto& facts = *event.mutable_facts();
  facts.set_referral_id("referral-1");
  facts.set_case_id("case-1");
  facts.set_requester_id("school");
  facts.set_recipient_id("police");
  facts.set_state(state);
  facts.set_urgency(codes::v1::URGENCY_IMMINENT);
  facts.set_sequence(3);
  *facts.mutable_acknowledge_due_at() = wire::ToTimestamp(kNow + std::chrono::minutes(15));
  *facts.mutable_answer_due_at() = wire::ToTimestamp(kNow + std::chrono::hours(24));
  *facts.mutable_outcome_due_at() = wire::ToTimestamp(kNow + std::chrono::hours(240));
  return event;
}

const Mailing& To(const std::vector<Mailing>& mailings, const std::string& institution) {
  for (const Mailing& each : mailings) {
    if (each.to.institution == institution) return each;
  }
  ADD_FAILURE() << institution;
  return mailings.front();
}

TEST(MailingTest, ShowsTheCaseToTheRequesterAndTheDeadlineToTheRecipient) {
  const auto mailings =
      MailingsOf(Envelope(), Moved(codes::v1::REFERRAL_MOVE_SEND, codes::v1::REFERRAL_STATE_REQUESTED, ""));
  const auto& police = To(mailings, "police").notice;
  EXPECT_EQ(police.type(), "tilts.referral.requested");
  EXPECT_EQ(police.case_id(), "");
  EXPECT_EQ(wire::FromTimestamp(police.due_at()).value(), kNow + std::chrono::minutes(15));
  EXPECT_EQ(police.link(), "/v1/referrals/referral-1");
  EXPECT_EQ(police.referral_sequence(), 3U);
  const auto& school = To(mailings, "school").notice;
  EXPECT_EQ(school.case_id(), "case-1");
  EXPECT_FALSE(school.has_due_at());
}

TEST(MailingTest, FollowsTheStateWhenNamingTheNextDeadline) {
  const auto due = [](codes::v1::ReferralState state) {
    return To(MailingsOf(Envelope(), Moved(codes::v1::REFERRAL_MOVE_ACCEPT, state, "school")), "police").notice;
  };
  EXPECT_EQ(wire::FromTimestamp(due(codes::v1::REFERRAL_STATE_RECEIVED).due_at()).value(),
            kNow + std::chrono::hours(24));
  EXPECT_EQ(wire::FromTimestamp(due(codes::v1::REFERRAL_STATE_IN_PROGRESS).due_at()).value(),
            kNow + std::chrono::hours(240));
  EXPECT_FALSE(due(codes::v1::REFERRAL_STATE_COMPLETED).has_due_at());
}

TEST(MailingTest, TellsOfAHandOverWhoTakesAndWhoGivesAndShowsTheCaseToTheFirstOnly) {
  referrals::v1::ReferralHandedOver event;
  *event.mutable_facts() = Moved(codes::v1::REFERRAL_MOVE_SEND, codes::v1::REFERRAL_STATE_ACCEPTED, "").facts();
  event.set_previous_requester_id("social");
  const auto mailings = MailingsOf(Envelope(), event);
  ASSERT_EQ(mailings.size(), 3U);
  EXPECT_EQ(To(mailings, "school").notice.type(), "tilts.referral.handed-over");
  EXPECT_EQ(To(mailings, "school").notice.case_id(), "case-1");
  EXPECT_TRUE(To(mailings, "school").to.push);
  EXPECT_EQ(To(mailings, "social").notice.case_id(), "");
  EXPECT_TRUE(To(mailings, "social").to.push);
  EXPECT_FALSE(To(mailings, "police").to.push);
  event.clear_previous_requester_id();
  EXPECT_EQ(MailingsOf(Envelope(), event).size(), 2U);
}

TEST(MailingTest, CallsACancelAnAskingWhenTheReferralStaysOpen) {
  const auto type = [](codes::v1::ReferralState state) {
    return MailingsOf(Envelope(), Moved(codes::v1::REFERRAL_MOVE_CANCEL, state, "school"))[0].notice.type();
  };
  EXPECT_EQ(type(codes::v1::REFERRAL_STATE_CANCELLED), "tilts.referral.cancelled");
  EXPECT_EQ(type(codes::v1::REFERRAL_STATE_ACCEPTED), "tilts.referral.cancel-requested");
}

TEST(MailingTest, KeepsTheDeadlineOfTheRungWhenEscalated) {
  referrals::v1::ReferralEscalated event;
  *event.mutable_facts() = Moved(codes::v1::REFERRAL_MOVE_SEND, codes::v1::REFERRAL_STATE_REQUESTED, "").facts();
  event.set_rung_id("head");
  event.set_channel_order(2);
  event.add_notify_institution_ids("police");
  *event.mutable_due_at() = wire::ToTimestamp(kNow + std::chrono::minutes(1));
  const auto mailings = MailingsOf(Envelope(), event);
  const Mailing& police = To(mailings, "police");
  EXPECT_EQ(police.notice.type(), "tilts.referral.escalated");
  EXPECT_EQ(police.notice.rung_id(), "head");
  EXPECT_EQ(police.to.channel_order, 2U);
  EXPECT_TRUE(police.to.push);
  EXPECT_FALSE(To(mailings, "school").to.push);
  EXPECT_EQ(wire::FromTimestamp(police.notice.due_at()).value(), kNow + std::chrono::minutes(1));
}

TEST(MailingTest, GivesTheReporterAnOutcomeAndNoCase) {
  cases::v1::ReportOutcome event;
  event.set_case_id("case-1");
  event.set_report_id("report-1");
  event.set_reporter_institution_id("ngo");
  event.set_outcome(codes::v1::CASE_OUTCOME_RESOLVED);
  const auto mailings = MailingsOf(Envelope(), event);
  ASSERT_EQ(mailings.size(), 1U);
  EXPECT_EQ(mailings[0].notice.report_id(), "report-1");
  EXPECT_EQ(mailings[0].notice.case_id(), "");
  EXPECT_EQ(mailings[0].notice.case_outcome(), codes::v1::CASE_OUTCOME_RESOLVED);
}

TEST(WebhookBodyTest, IsThinAndTheSameEachTime) {
  const auto mailings =
      MailingsOf(Envelope(), Moved(codes::v1::REFERRAL_MOVE_SEND, codes::v1::REFERRAL_STATE_REQUESTED, ""));
  const auto body = WebhookBody(To(mailings, "police").notice);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(*body,
            R"({"type":"tilts.referral.requested","timestamp":"2026-03-02T08:30:00Z","data":{"event_id":"event-1",)"
            R"("referral_id":"referral-1","referral_sequence":"3","state":"REFERRAL_STATE_REQUESTED",)"
            R"("urgency":"URGENCY_IMMINENT","due_at":"2026-03-02T08:45:00Z","link":"/v1/referrals/referral-1"}})");
  EXPECT_EQ(*body, WebhookBody(To(mailings, "police").notice).value());
}

}  // namespace
}  // namespace tilts::notification
