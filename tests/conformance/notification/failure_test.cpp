// Receivers that are down, hanging, broken, throttling, gone or redirecting; and dangers that cannot wait.
#include <future>

#include "stand.hpp"

namespace tilts::notification {
namespace {

using namespace std::chrono_literals;
using codes::v1::URGENCY_IMMINENT;

class FailureTest : public Stand {};

TEST_F(FailureTest, RepeatsTheSameIdAndBodyWhenTheReceiverFails) {
  Receiver receiver;
  receiver.AnswerWith(500);
  Register("police", receiver.url());
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(FailureBecomes("police", "HTTP_500"));
  EXPECT_EQ(OnlyDelivery("police").state(), v1::DELIVERY_STATE_PENDING);
  receiver.AnswerWith(204);
  city.Advance(10s);
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  const auto hooks = receiver.hooks();
  ASSERT_EQ(hooks.size(), 2U);
  EXPECT_EQ(hooks[0].id, hooks[1].id);
  EXPECT_EQ(hooks[0].body, hooks[1].body);
}

TEST_F(FailureTest, WaitsForTheCityClockBeforeTheNextAttempt) {
  Receiver receiver;
  receiver.AnswerWith(500);
  Register("police", receiver.url());
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(FailureBecomes("police", "HTTP_500"));
  // Another delivery makes the dispatcher look again; the first one is not due.
  Receiver other;
  Register("court", other.url());
  Send("court");
  ASSERT_TRUE(StateBecomes("court", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(receiver.count(), 1U);
}

TEST_F(FailureTest, NeverFollowsARedirect) {
  Receiver inside;
  Receiver receiver;
  receiver.AnswerWith(302, {{"Location", inside.url()}});
  Register("police", receiver.url());
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(FailureBecomes("police", "REDIRECT"));
  EXPECT_EQ(inside.count(), 0U);
}

TEST_F(FailureTest, RefusesAPrivateAddressUnlessAllowed) {
  Receiver receiver;
  Register("police", receiver.url());
  WebhookSender sender({}, endpoints->sealer(), machine);
  Send("police");
  auto claims = DeliveryStore::Take(*database, {10, 4, city.Now(), machine.Now(), machine.Now() + 20s, "lease"});
  ASSERT_EQ(claims.value().size(), 1U);
  std::promise<std::optional<domain::Attempt>> done;
  sender.Send(claims->front(), [&](std::optional<domain::Attempt> attempt) { done.set_value(attempt); });
  const auto attempt = done.get_future().get();
  ASSERT_TRUE(attempt.has_value());
  EXPECT_EQ(attempt->kind, domain::Attempt::Kind::kAddressRefused);
  EXPECT_EQ(receiver.count(), 0U);
}

TEST_F(FailureTest, RestsTheWholeEndpointWhenItThrottles) {
  Receiver receiver;
  receiver.AnswerWith(429, {{"Retry-After", "600"}});
  Register("police", receiver.url());
  StartDispatcher({.endpoint_in_flight = 1});
  Send("police");
  ASSERT_TRUE(FailureBecomes("police", "HTTP_429"));
  receiver.AnswerWith(204);
  Send("police");
  city.Advance(590s);
  Receiver other;
  Register("court", other.url());
  Send("court");
  ASSERT_TRUE(StateBecomes("court", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(receiver.count(), 1U);
  EXPECT_EQ(ReadFigures(*database, city.Now(), machine.Now())->due_now, 0U);
  city.Advance(20s);
  ASSERT_TRUE(Eventually([&] { return receiver.ids().size() == 2; }));
}

TEST_F(FailureTest, DisablesTheEndpointAndParksWhatWaitsWhenGone) {
  Receiver receiver;
  receiver.AnswerWith(410);
  Register("police", receiver.url());
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_PARKED));
  Send("police");
  ASSERT_TRUE(Eventually([&] {
    const auto all = Deliveries("police");
    return all.size() == 2 && all[1].state() == v1::DELIVERY_STATE_PARKED;
  }));
  EXPECT_EQ(receiver.count(), 1U);
  EXPECT_EQ(Sql("SELECT count(*) FROM outbox WHERE topic = 'tilts.notifications.v1'"), "2");
  const auto redriven = database->Transact([&](postgres::UnitOfWork& unit) {
    return DeliveryView::Redrive(unit, Deliveries("police")[0].delivery_id(), city.Now());
  });
  EXPECT_EQ(redriven.error().reason, "ENDPOINT_DISABLED");
  receiver.AnswerWith(204);
  Register("police", receiver.url());
  Send("police");
  ASSERT_TRUE(Eventually([&] { return receiver.count() == 2; }));
}

TEST_F(FailureTest, DelaysNobodyElseWhenAReceiverHangs) {
  Receiver slow;
  slow.Hang();
  Receiver quick;
  Register("police", slow.url());
  Register("court", quick.url());
  StartDispatcher({.in_flight = 8, .endpoint_in_flight = 3}, {.attempt_timeout = 10s});
  for (int i = 0; i < 40; ++i) Send("police");
  ASSERT_TRUE(Eventually([&] { return slow.count() == 3; }));
  for (int i = 0; i < 20; ++i) Send("court");
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(Eventually([&] { return quick.ids().size() == 20; }));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
  EXPECT_EQ(slow.most_open(), 3U);
}

TEST_F(FailureTest, TimesOutAndGoesOnWhenAReceiverHangs) {
  Receiver slow;
  slow.Hang();
  Register("police", slow.url());
  StartDispatcher({}, {.attempt_timeout = 100ms});
  Send("police");
  ASSERT_TRUE(FailureBecomes("police", "TIMEOUT"));
  slow.AnswerWith(204);
  city.Advance(10s);
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(slow.ids().size(), 1U);
}

TEST_F(FailureTest, SendsADangerToTheSecondEndpointWhenTheFirstIsDownForTwoMinutes) {
  Receiver first;
  Receiver second;
  Register("police", first.url(), 1);
  Register("police", second.url(), 2);
  first.Stop();
  StartDispatcher();
  Send("police", URGENCY_IMMINENT);
  ASSERT_TRUE(FailureBecomes("police", "UNREACHABLE"));
  city.Advance(110s);
  ASSERT_TRUE(Eventually([&] { return OnlyDelivery("police").attempts() >= 2; }));
  EXPECT_EQ(second.count(), 0U);
  city.Advance(11s);
  ASSERT_TRUE(Eventually([&] { return second.count() == 1; }));
  // Step by step: the second attempt may be settled only now, and its wait counts from then.
  ASSERT_TRUE(Eventually([&] {
    city.Advance(60s);
    return Deliveries("police")[0].attempts() >= 3;
  }));
  EXPECT_EQ(second.count(), 1U);
  EXPECT_EQ(Deliveries("police").size(), 2U);
}

TEST_F(FailureTest, SendsADangerToTheSecondEndpointAtOnceWhenTheFirstIsGone) {
  Receiver first;
  Receiver second;
  first.AnswerWith(410);
  Register("police", first.url(), 1);
  Register("police", second.url(), 2);
  StartDispatcher();
  Send("police", URGENCY_IMMINENT);
  ASSERT_TRUE(Eventually([&] { return second.count() == 1; }));
}

// The ladder asks for the second channel.
TEST_F(FailureTest, EscalatesADangerToTheFirstEndpointWhenThereIsNoSecond) {
  Receiver first;
  Register("police", first.url(), 1);
  StartDispatcher();
  Escalate("police", URGENCY_IMMINENT);
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(first.count(), 1U);
}

TEST_F(FailureTest, EscalatesADangerToTheFirstEndpointWhenTheSecondIsDownForTwoMinutes) {
  Receiver first;
  Receiver second;
  Register("police", first.url(), 1);
  Register("police", second.url(), 2);
  second.Stop();
  StartDispatcher();
  Escalate("police", URGENCY_IMMINENT);
  ASSERT_TRUE(FailureBecomes("police", "UNREACHABLE"));
  city.Advance(110s);
  ASSERT_TRUE(Eventually([&] { return OnlyDelivery("police").attempts() >= 2; }));
  EXPECT_EQ(first.count(), 0U);
  city.Advance(11s);
  ASSERT_TRUE(Eventually([&] { return first.count() == 1; }));
  // Step by step: the second attempt may be settled only now, and its wait counts from then.
  ASSERT_TRUE(Eventually([&] {
    city.Advance(60s);
    return Deliveries("police")[0].attempts() >= 3;
  }));
  EXPECT_EQ(first.count(), 1U);
  EXPECT_EQ(Deliveries("police").size(), 2U);
}

TEST_F(FailureTest, EscalatesADangerToTheFirstEndpointAtOnceWhenTheSecondIsGone) {
  Receiver first;
  Receiver second;
  second.AnswerWith(410);
  Register("police", first.url(), 1);
  Register("police", second.url(), 2);
  StartDispatcher();
  Escalate("police", URGENCY_IMMINENT);
  ASSERT_TRUE(Eventually([&] { return first.count() == 1; }));
  Escalate("police", URGENCY_IMMINENT);
  ASSERT_TRUE(Eventually([&] { return first.count() == 2; })) << "a second endpoint that is gone is not tried again";
  EXPECT_EQ(second.count(), 1U);
}

TEST_F(FailureTest, SendsNothingButDangersToTheSecondEndpointWhenTheFirstFails) {
  policy.ordinary.waits = {5s};
  Receiver first;
  Receiver second;
  first.AnswerWith(500);
  Register("police", first.url(), 1);
  Register("police", second.url(), 2);
  StartDispatcher();
  Send("police");
  ASSERT_TRUE(FailureBecomes("police", "HTTP_500"));
  city.Advance(10s);
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_PARKED));
  // What is delivered now was taken after the dispatcher looked for second channels.
  Receiver other;
  Register("court", other.url());
  Send("court");
  ASSERT_TRUE(StateBecomes("court", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(Deliveries("police").size(), 1U);
}

TEST_F(FailureTest, LeavesTheSecondEndpointAloneWhenTheFirstTookTheDanger) {
  Receiver first;
  Receiver second;
  Register("police", first.url(), 1);
  Register("police", second.url(), 2);
  StartDispatcher();
  Send("police", URGENCY_IMMINENT);
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(ReadFigures(*database, city.Now(), machine.Now())->next_due_at, std::nullopt);
  city.Advance(600s);
  Send("police", URGENCY_IMMINENT);
  ASSERT_TRUE(Eventually([&] { return first.count() == 2; }));
  EXPECT_EQ(second.count(), 0U);
}

TEST_F(FailureTest, SaysWhenItIsNextDue) {
  Receiver receiver;
  receiver.AnswerWith(500);
  Register("police", receiver.url());
  StartDispatcher();
  Send("police", URGENCY_IMMINENT);
  ASSERT_TRUE(FailureBecomes("police", "HTTP_500"));
  const auto figures = ReadFigures(*database, city.Now(), machine.Now());
  EXPECT_EQ(figures->due_now, 0U);
  EXPECT_EQ(figures->in_flight, 0U);
  ASSERT_TRUE(figures->next_due_at.has_value());
  EXPECT_GT(*figures->next_due_at, city.Now());
  EXPECT_LE(*figures->next_due_at, city.Now() + 6s);
  EXPECT_EQ(figures->oldest_undone.rfind("delivery/", 0), 0U);
}

}  // namespace
}  // namespace tilts::notification
