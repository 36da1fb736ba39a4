#pragma once

#include <tilts/notification/v1/notification_service.pb.h>

#include <string>
#include <vector>

#include "core/result.hpp"
#include "notification/domain/audience.hpp"

namespace tilts::events::v1 {
class Envelope;
}
namespace tilts::referrals::v1 {
class DeadlinesRecomputed;
class ReferralEscalated;
class ReferralHandedOver;
class ReferralMoved;
class RoutingExhausted;
}  // namespace tilts::referrals::v1
namespace tilts::cases::v1 {
class ReportOutcome;
}  // namespace tilts::cases::v1

namespace tilts::notification {

// One institution's share of an event: what its feed says and whether its endpoint is called.
struct Mailing {
  domain::Addressee to;
  v1::Notice notice;
};

// One function per kind of event; each institution that hears of it gets one mailing. `sequence` of the notice
// is the referral's own, so that a reader sees gaps without learning of other referrals.
std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::ReferralMoved& event);
std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::ReferralEscalated& event);
std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::ReferralHandedOver& event);
std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::DeadlinesRecomputed& event);
std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const referrals::v1::RoutingExhausted& event);
std::vector<Mailing> MailingsOf(const events::v1::Envelope& envelope, const cases::v1::ReportOutcome& event);

// The webhook's body: {"type", "timestamp", "data"}, projected by the view WEBHOOK. The same notice always gives
// the same bytes, and they are stored, so that every attempt sends the same body.
core::Result<std::string> WebhookBody(const v1::Notice& notice);

}  // namespace tilts::notification
