#include "notification/app/mailing.hpp"

#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>
#include <tilts/referrals/v1/events.pb.h>

#include "wire/json.hpp"
#include "wire/projection.hpp"
#include "wire/time.hpp"

namespace tilts::notification {
namespace {

using codes::v1::ReferralState;
using domain::Addressee;
using domain::Happening;
using referrals::v1::ReferralFacts;

std::string TypeOfMove(codes::v1::ReferralMove move, ReferralState state) {
  switch (move) {
    case codes::v1::REFERRAL_MOVE_SEND: return "tilts.referral.requested";
    case codes::v1::REFERRAL_MOVE_ACKNOWLEDGE: return "tilts.referral.received";
    case codes::v1::REFERRAL_MOVE_ACCEPT: return "tilts.referral.accepted";
    case codes::v1::REFERRAL_MOVE_REJECT: return "tilts.referral.rejected";
    case codes::v1::REFERRAL_MOVE_START: return "tilts.referral.started";
    case codes::v1::REFERRAL_MOVE_HOLD: return "tilts.referral.held";
    case codes::v1::REFERRAL_MOVE_RESUME: return "tilts.referral.resumed";
    case codes::v1::REFERRAL_MOVE_COMPLETE: return "tilts.referral.completed";
    case codes::v1::REFERRAL_MOVE_FAIL: return "tilts.referral.failed";
    case codes::v1::REFERRAL_MOVE_CANCEL:
      // Once accepted, the requester can only ask.
      return state == codes::v1::REFERRAL_STATE_CANCELLED ? "tilts.referral.cancelled"
                                                          : "tilts.referral.cancel-requested";
    case codes::v1::REFERRAL_MOVE_ENTER_IN_ERROR: return "tilts.referral.entered-in-error";
    case codes::v1::REFERRAL_MOVE_EXPIRE: return "tilts.referral.expired";
    default: return "tilts.referral.changed";
  }
}

// The recipient's next deadline; the requester waits and has none.
const google::protobuf::Timestamp* NextDue(const ReferralFacts& facts) {
  switch (facts.state()) {
    case codes::v1::REFERRAL_STATE_REQUESTED:
      if (facts.has_acknowledge_due_at()) return &facts.acknowledge_due_at();
      return facts.has_answer_due_at() ? &facts.answer_due_at() : nullptr;
    case codes::v1::REFERRAL_STATE_RECEIVED: return facts.has_answer_due_at() ? &facts.answer_due_at() : nullptr;
    case codes::v1::REFERRAL_STATE_ACCEPTED:
    case codes::v1::REFERRAL_STATE_IN_PROGRESS: return facts.has_outcome_due_at() ? &facts.outcome_due_at() : nullptr;
    default: return nullptr;
  }
}

v1::Notice NoticeOf(const events::v1::Envelope& envelope, const ReferralFacts& facts, const std::string& type) {
  v1::Notice notice;
  notice.set_type(type);
  *notice.mutable_timestamp() = envelope.occurred_at();
  notice.set_event_id(envelope.id());
  notice.set_referral_id(facts.referral_id());
  notice.set_referral_sequence(facts.sequence());
  notice.set_kind(facts.kind());
  notice.set_state(facts.state());
  notice.set_urgency(facts.urgency());
  notice.set_purpose_code(facts.purpose_code());
  notice.set_overdue(facts.overdue());
  notice.set_link("/v1/referrals/" + facts.referral_id());
  return notice;
}

std::vector<Mailing> Address(const Happening& happening, const v1::Notice& notice, const ReferralFacts* facts) {
  std::vector<Mailing> mailings;
  for (Addressee& addressee : domain::Audience(happening)) {
    Mailing mailing{std::move(addressee), notice};
    if (facts != nullptr) {
      if (mailing.to.sees_case) mailing.notice.set_case_id(facts->case_id());
      const auto* due = mailing.to.institution == facts->recipient_id() ? NextDue(*facts) : nullptr;
      if (due != nullptr && !mailing.notice.has_due_at()) *mailing.notice.mutable_due_at() = *due;
    }
    mailings.push_back(std::move(mailing));
  }
  return mailings;
}

Happening Between(Happening::Kind kind, const ReferralFacts& facts) {
  Happening happening;
  happening.kind = kind;
  happening.requester = facts.requester_id();
  happening.recipient = facts.recipient_id();
  return happening;
}

}  // namespace

std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::ReferralMoved& event) {
  Happening happening = Between(Happening::Kind::kMoved, event.facts());
  happening.actor = event.actor_institution_id();
  v1::Notice notice = NoticeOf(envelope, event.facts(), TypeOfMove(event.move(), event.facts().state()));
  notice.set_reject_reason(event.reject_reason());
  notice.set_outcome(event.outcome());
  return Address(happening, notice, &event.facts());
}

std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::ReferralEscalated& event) {
  Happening happening = Between(Happening::Kind::kEscalated, event.facts());
  happening.told.assign(event.notify_institution_ids().begin(), event.notify_institution_ids().end());
  happening.channel_order = event.channel_order() == 0 ? 1 : event.channel_order();
  v1::Notice notice =
      NoticeOf(envelope, event.facts(), event.reminder() ? "tilts.referral.reminder" : "tilts.referral.escalated");
  notice.set_rung_id(event.rung_id());
  if (event.has_due_at()) *notice.mutable_due_at() = event.due_at();
  return Address(happening, notice, &event.facts());
}

std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::ReferralHandedOver& event) {
  Happening happening = Between(Happening::Kind::kHandedOver, event.facts());
  happening.told = {event.previous_requester_id()};
  return Address(happening, NoticeOf(envelope, event.facts(), "tilts.referral.handed-over"), &event.facts());
}

std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::DeadlinesRecomputed& event) {
  return Address(Between(Happening::Kind::kDeadlinesMoved, event.facts()),
                 NoticeOf(envelope, event.facts(), "tilts.referral.deadlines-moved"), &event.facts());
}

std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::RoutingExhausted& event) {
  Happening happening = Between(Happening::Kind::kExhausted, event.last());
  happening.requester = event.coordinator_id();
  v1::Notice notice = NoticeOf(envelope, event.last(), "tilts.referral.exhausted");
  notice.set_case_id(event.case_id());
  notice.set_link("/v1/cases/" + event.case_id());
  return Address(happening, notice, nullptr);
}

std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const cases::v1::ReportOutcome& event) {
  Happening happening;
  happening.kind = Happening::Kind::kReportOutcome;
  happening.told = {event.reporter_institution_id()};
  v1::Notice notice;
  notice.set_type("tilts.report.outcome");
  *notice.mutable_timestamp() = envelope.occurred_at();
  notice.set_event_id(envelope.id());
  notice.set_report_id(event.report_id());
  notice.set_case_outcome(event.outcome());
  notice.set_link("/v1/reports/" + event.report_id());
  return Address(happening, notice, nullptr);
}

core::Result<std::string> WebhookBody(const v1::Notice& notice) {
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find("WEBHOOK"));
  TILTS_ASSIGN(const core::CityTime timestamp, wire::FromTimestamp(notice.timestamp()));
  v1::Notice data = notice;
  data.clear_type();
  data.clear_timestamp();
  TILTS_ASSIGN(const std::string json, wire::ProjectedJson(data, view));
  // The type is one of the literals above and needs no escaping.
  return R"({"type":")" + notice.type() + R"(","timestamp":")" + core::FormatRfc3339(timestamp) + R"(","data":)" +
         json + "}";
}

}  // namespace tilts::notification
