// One event, one delivery, signed, thin, settled once.
#include "stand.hpp"
#include "standard_webhooks/webhook.hpp"

namespace tilts::notification {
namespace {

using std::chrono::seconds;

class DeliveryTest : public Stand {};

TEST_F(DeliveryTest, ArrivesSignedWhenAnEventIsPushed) {
  Receiver receiver;
  const std::string endpoint = Register("police", receiver.url());
  StartDispatcher();
  const std::string event = Send("police");
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  const Hook hook = receiver.hooks().at(0);
  const auto secret = database->Transact([&](postgres::UnitOfWork& unit) { return endpoints->Secret(unit, endpoint); });
  const auto key = standard_webhooks::WebhookKey::Parse(*secret).value();
  const standard_webhooks::Headers headers{hook.id, hook.timestamp, hook.signature};
  EXPECT_TRUE(standard_webhooks::Verify({&key, 1}, headers, hook.body, machine.Now()).has_value());
  EXPECT_FALSE(standard_webhooks::Verify({&key, 1}, headers, hook.body + " ", machine.Now()).has_value());
  const v1::Delivery delivery = OnlyDelivery("police");
  EXPECT_EQ(delivery.delivery_id(), hook.id);
  EXPECT_EQ(delivery.attempts(), 1U);
  EXPECT_EQ(delivery.event_id(), event);
  EXPECT_NE(hook.body.find("\"event_id\":\"" + event + "\""), std::string::npos);
  EXPECT_EQ(hook.body.find("case_id"), std::string::npos);
}

TEST_F(DeliveryTest, IsMadeOnceWhenTheEventComesTwice) {
  Receiver receiver;
  Register("police", receiver.url());
  const auto event = EventFor("police", codes::v1::URGENCY_ROUTINE, "school");
  ASSERT_TRUE(Write(EnvelopeFor("event"), event).has_value());
  ASSERT_TRUE(Write(EnvelopeFor("event"), event).has_value());
  EXPECT_EQ(Deliveries("police").size(), 1U);
  EXPECT_EQ(Sql("SELECT count(*) FROM feed_item WHERE institution_id = 'police'"), "1");
  EXPECT_EQ(Sql("SELECT last_cursor FROM feed_head WHERE institution_id = 'police'"), "1");
}

TEST_F(DeliveryTest, CannotExistTwiceInTheTable) {
  Receiver receiver;
  Register("police", receiver.url());
  Send("police");
  const auto copied = database->Query(
      "INSERT INTO delivery (delivery_id, event_id, endpoint_id, institution_id, referral_id, report_id, type, body, "
      "imminent, created_at, next_attempt_at, correlation_id, school_year, municipality, purpose, traceparent) SELECT "
      "'other', event_id, endpoint_id, institution_id, referral_id, report_id, type, body, imminent, created_at, "
      "next_attempt_at, '', '', '', 0, '' FROM delivery");
  ASSERT_FALSE(copied.has_value());
  EXPECT_EQ(copied.error().reason, "delivery_once");
}

TEST_F(DeliveryTest, SettlesByAnEventWhenDelivered) {
  Receiver receiver;
  Register("police", receiver.url());
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(Sql("SELECT count(*) FROM outbox WHERE topic = 'tilts.notifications.v1'"), "1");
}

TEST_F(DeliveryTest, IsNotMadeWhenTheInstitutionHasNoEndpoint) {
  Send("police");
  EXPECT_TRUE(Deliveries("police").empty());
  EXPECT_EQ(Sql("SELECT count(*) FROM feed_item WHERE institution_id = 'police' AND pushed"), "1");
}

TEST_F(DeliveryTest, IsParkedAfterTheLastTryAndDeliveredWhenRedriven) {
  policy.ordinary.waits = {seconds(10), seconds(10)};
  Receiver receiver;
  receiver.AnswerWith(500);
  Register("police", receiver.url());
  Dispatcher& dispatcher = StartDispatcher();
  Send("police");
  ASSERT_TRUE(Eventually([&] {
    city.Advance(seconds(15));
    return OnlyDelivery("police").state() == v1::DELIVERY_STATE_PARKED;
  }));
  EXPECT_EQ(OnlyDelivery("police").attempts(), 3U);
  EXPECT_EQ(OnlyDelivery("police").last_failure(), "HTTP_500");
  EXPECT_EQ(ReadFigures(*database, city.Now(), machine.Now())->parked, 1U);
  receiver.AnswerWith(204);
  const auto redriven = database->Transact([&](postgres::UnitOfWork& unit) {
    return DeliveryView::Redrive(unit, OnlyDelivery("police").delivery_id(), city.Now());
  });
  ASSERT_TRUE(redriven.has_value()) << redriven.error().reason;
  dispatcher.Wake();
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(receiver.ids().size(), 1U);
  EXPECT_EQ(receiver.count(), 4U);
  EXPECT_EQ(Sql("SELECT count(*) FROM outbox WHERE topic = 'tilts.notifications.v1'"), "2");
  const auto again = database->Transact([&](postgres::UnitOfWork& unit) {
    return DeliveryView::Redrive(unit, OnlyDelivery("police").delivery_id(), city.Now());
  });
  EXPECT_EQ(again.error().reason, "DELIVERY_STATE");
}

TEST_F(DeliveryTest, SignsWithBothSecretsWhileOneIsRotated) {
  Receiver receiver;
  const std::string endpoint = Register("police", receiver.url());
  const auto secret_now = [&] {
    return database->Transact([&](postgres::UnitOfWork& unit) { return endpoints->Secret(unit, endpoint); }).value();
  };
  const auto old_key = standard_webhooks::WebhookKey::Parse(secret_now()).value();
  ASSERT_TRUE(database
                  ->Transact([&](postgres::UnitOfWork& unit) {
                    return endpoints->Rotate(unit, endpoint, city.Now() + std::chrono::hours(24));
                  })
                  .has_value());
  const auto new_key = standard_webhooks::WebhookKey::Parse(secret_now()).value();
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(Eventually([&] { return receiver.count() == 1; }));
  city.Advance(std::chrono::hours(25));
  Send("police");
  ASSERT_TRUE(Eventually([&] { return receiver.count() == 2; }));
  const auto fits = [&](const standard_webhooks::WebhookKey& key, const Hook& hook) {
    return standard_webhooks::Verify({&key, 1}, {hook.id, hook.timestamp, hook.signature}, hook.body, machine.Now())
        .has_value();
  };
  const auto hooks = receiver.hooks();
  EXPECT_TRUE(fits(old_key, hooks[0]) && fits(new_key, hooks[0]));
  EXPECT_FALSE(fits(old_key, hooks[1]));
  EXPECT_TRUE(fits(new_key, hooks[1]));
}

}  // namespace
}  // namespace tilts::notification
