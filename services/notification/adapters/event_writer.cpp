#include "notification/adapters/event_writer.hpp"

#include <tilts/cases/v1/events.pb.h>
#include <tilts/events/v1/envelope.pb.h>
#include <tilts/referrals/v1/events.pb.h>

#include "notification/adapters/delivery_store.hpp"
#include "notification/adapters/feed_store.hpp"
#include "wire/time.hpp"

namespace tilts::notification {

std::vector<std::string> ConsumedTopics() {
  return {"tilts.cases.pmp.v1", "tilts.cases.protection.v1", "tilts.referrals.pmp.v1", "tilts.referrals.protection.v1"};
}

postgres::SqlBatchProcessor::Handlers EventWriter::Handlers() const {
  postgres::SqlBatchProcessor::Handlers handlers;
  const auto write = [this](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope, const auto& event) {
    return Write(unit, envelope, MailingsOf(envelope, event));
  };
  handlers.On<referrals::v1::ReferralMoved>(write);
  handlers.On<referrals::v1::ReferralEscalated>(write);
  handlers.On<referrals::v1::ReferralHandedOver>(write);
  handlers.On<referrals::v1::DeadlinesRecomputed>(write);
  handlers.On<referrals::v1::RoutingExhausted>(write);
  handlers.On<cases::v1::ReportOutcome>(write);
  return handlers;
}

core::Status EventWriter::Write(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                                const std::vector<Mailing>& mailings) const {
  // Writers of a batch lock many feeds' heads, in the order of their events: one at a time, or they would meet
  // crosswise.
  if (!mailings.empty()) TILTS_CHECK(unit.Lock("feed", "writer"));
  for (const Mailing& mailing : mailings) {
    TILTS_CHECK(FeedStore::Append(unit, mailing));
    if (mailing.to.push) TILTS_CHECK(Push(unit, envelope, mailing));
  }
  return {};
}

core::Status EventWriter::Push(postgres::UnitOfWork& unit, const events::v1::Envelope& envelope,
                               const Mailing& mailing) const {
  TILTS_ASSIGN(const auto channels, endpoints_.Channels(unit, mailing.to.institution));
  const auto choice = domain::ChooseChannel(channels, mailing.to.channel_order);
  if (!choice) return {};
  NewDelivery delivery;
  delivery.endpoint_id = choice->endpoint_id;
  delivery.institution_id = mailing.to.institution;
  delivery.event_id = mailing.notice.event_id();
  delivery.referral_id = mailing.notice.referral_id();
  delivery.report_id = mailing.notice.report_id();
  delivery.type = mailing.notice.type();
  TILTS_ASSIGN(delivery.body, WebhookBody(mailing.notice));
  delivery.imminent = mailing.notice.urgency() == codes::v1::URGENCY_IMMINENT;
  delivery.parked = !choice->usable;
  delivery.created_at = clock_.Now();
  if (delivery.imminent && choice->usable) {
    // Counted from the event, not from when we read it: the child waits since then.
    TILTS_ASSIGN(const core::CityTime recorded, wire::FromTimestamp(envelope.recorded_at()));
    delivery.second_channel_at = recorded + policy_.second_channel_after;
  }
  delivery.correlation_id = envelope.correlation_id();
  delivery.school_year = envelope.school_year();
  delivery.municipality = envelope.municipality();
  delivery.purpose = envelope.purpose();
  delivery.traceparent = envelope.traceparent();
  return DeliveryStore::Insert(unit, delivery);
}

}  // namespace tilts::notification
