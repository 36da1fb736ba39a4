// Several workers, dying workers, frozen workers: nothing is sent twice under another id, nothing is lost.
#include <future>
#include <map>

#include "stand.hpp"

namespace tilts::notification {
namespace {

using namespace std::chrono_literals;

class WorkersTest : public Stand {
 protected:
  std::vector<Claim> TakeAs(const std::string& lease) {
    auto claims = DeliveryStore::Take(*database, {10, 4, city.Now(), machine.Now(), machine.Now() + 20s, lease});
    EXPECT_TRUE(claims.has_value()) << claims.error().reason << " " << claims.error().message;
    return std::move(claims).value();
  }
};

TEST_F(WorkersTest, SendEachDeliveryOnceWhenTwoShareTheWork) {
  Receiver receiver;
  std::vector<std::string> institutions;
  for (int i = 0; i < 10; ++i) {
    institutions.push_back("institution-" + std::to_string(i));
    Register(institutions.back(), receiver.url());
  }
  for (int i = 0; i < 300; ++i) Send(institutions[static_cast<std::size_t>(i) % institutions.size()]);
  StartDispatcher();
  StartDispatcher();
  ASSERT_TRUE(Eventually([&] { return Sql("SELECT count(*) FROM delivery WHERE state = 2") == "300"; }));
  EXPECT_EQ(receiver.ids().size(), 300U);
  EXPECT_EQ(receiver.count(), 300U);
}

TEST_F(WorkersTest, RepeatTheSameIdWhenOneDiesBetweenPostAndMark) {
  Receiver receiver;
  Register("police", receiver.url());
  Send("police");
  const auto claims = TakeAs("dying worker");
  ASSERT_EQ(claims.size(), 1U);
  WebhookSender sender({.allow_private_addresses = true}, endpoints->sealer(), machine);
  std::promise<int> posted;
  sender.Send(claims[0], [&](std::optional<domain::Attempt> attempt) { posted.set_value(attempt->status); });
  ASSERT_EQ(posted.get_future().get(), 204);
  // It died here: nothing was marked. While its lease lasts nobody else may have the delivery.
  EXPECT_TRUE(TakeAs("other").empty());
  machine.Advance(21s);
  StartDispatcher();
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(receiver.count(), 2U);
  EXPECT_EQ(receiver.ids().size(), 1U);
}

TEST_F(WorkersTest, GoOnAtOnceWithWhatTheyHeldWhenKilled) {
  Receiver receiver;
  Register("police", receiver.url());
  Send("police");
  Send("police");
  ASSERT_EQ(TakeAs("worker-0/7/1").size(), 2U);
  Register("school", receiver.url());
  Send("school");
  ASSERT_EQ(TakeAs("worker-01/7/1").size(), 1U);
  // Its name again, and no lease has run out; another worker's is left alone.
  StartDispatcher();
  ASSERT_TRUE(Eventually([&] { return Sql("SELECT count(*) FROM delivery WHERE state = 2") == "2"; }));
  EXPECT_EQ(Sql("SELECT count(*) FROM delivery WHERE lease = 'worker-01/7/1'"), "1");
  EXPECT_EQ(receiver.ids().size(), 2U);
}

TEST_F(WorkersTest, ChangeNothingWhenAFrozenOneWakesAfterItsLease) {
  Receiver receiver;
  Register("police", receiver.url());
  Send("police");
  const auto frozen = TakeAs("frozen worker");
  ASSERT_EQ(frozen.size(), 1U);
  machine.Advance(21s);
  StartDispatcher();
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  domain::Decision park;
  park.next = domain::Decision::Next::kPark;
  const auto settled = database->Transact(
      [&](postgres::UnitOfWork& unit) { return DeliveryStore::Settle(unit, frozen[0], park, "HTTP_500", city.Now()); });
  EXPECT_FALSE(settled.value());
  EXPECT_EQ(OnlyDelivery("police").state(), v1::DELIVERY_STATE_DELIVERED);
}

TEST_F(WorkersTest, NeverExceedOneEndpointsShareTogether) {
  Receiver receiver;
  Register("police", receiver.url());
  for (int i = 0; i < 10; ++i) Send("police");
  EXPECT_EQ(TakeAs("one").size(), 4U);
  EXPECT_TRUE(TakeAs("two").empty());
}

TEST_F(WorkersTest, TakeADangerBeforeEverythingElse) {
  Receiver receiver;
  Register("police", receiver.url());
  for (int i = 0; i < 10; ++i) Send("police");
  Send("police", codes::v1::URGENCY_IMMINENT);
  const auto claims = TakeAs("one");
  ASSERT_EQ(claims.size(), 4U);
  EXPECT_EQ(std::count_if(claims.begin(), claims.end(), [](const Claim& each) { return each.imminent; }), 1);
}

TEST_F(WorkersTest, GiveBackWhatIsInFlightWhenStopped) {
  Receiver receiver;
  receiver.Hang();
  Register("police", receiver.url());
  Dispatcher& dispatcher = StartDispatcher();
  Send("police");
  ASSERT_TRUE(Eventually([&] { return receiver.count() == 1; }));
  dispatcher.Stop(std::chrono::steady_clock::now());
  const v1::Delivery delivery = OnlyDelivery("police");
  EXPECT_EQ(delivery.state(), v1::DELIVERY_STATE_PENDING);
  EXPECT_EQ(delivery.attempts(), 0U);
  receiver.AnswerWith(204);
  StartDispatcher();
  ASSERT_TRUE(StateBecomes("police", v1::DELIVERY_STATE_DELIVERED));
  EXPECT_EQ(receiver.ids().size(), 1U);
}

TEST_F(WorkersTest, LetWhatIsInFlightFinishWhenStopped) {
  Receiver receiver;
  receiver.Hang();
  Register("police", receiver.url());
  Dispatcher& dispatcher = StartDispatcher();
  Send("police");
  ASSERT_TRUE(Eventually([&] { return receiver.count() == 1; }));
  auto stopped = std::async(std::launch::async,
                            [&] { dispatcher.Stop(std::chrono::steady_clock::now() + std::chrono::seconds(10)); });
  receiver.AnswerWith(204);
  stopped.get();
  EXPECT_EQ(OnlyDelivery("police").state(), v1::DELIVERY_STATE_DELIVERED);
}

}  // namespace
}  // namespace tilts::notification
