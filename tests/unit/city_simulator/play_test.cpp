#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "city_simulator/play/agenda.hpp"
#include "city_simulator/play/city_clock.hpp"
#include "city_simulator/play/inbox.hpp"
#include "city_simulator/play/manners.hpp"
#include "city_simulator/play/mishaps.hpp"
#include "city_simulator/receivers/signature.hpp"

namespace tilts::city_simulator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace tilts::codes::v1;  // NOLINT: codes

const Instant kNoon = *Read("2025-10-27T10:00:00Z");

TEST(AgendaTest, DoesThingsInTheOrderOfTimeAndThenOfPlanning) {
  Agenda agenda;
  std::vector<int> done;
  agenda.Put(kNoon + std::chrono::hours{2}, [&](Instant) { done.push_back(4); });
  agenda.Put(kNoon, [&](Instant at) {
    done.push_back(1);
    agenda.Put(at, [&](Instant) { done.push_back(3); });
  });
  agenda.Put(kNoon, [&](Instant) { done.push_back(2); });
  EXPECT_EQ(agenda.next(), kNoon);
  agenda.Run(kNoon);
  EXPECT_THAT(done, ElementsAre(1, 2, 3));
  agenda.Run(kNoon + std::chrono::hours{2});
  EXPECT_TRUE(agenda.empty());
}

TEST(CityClockTest, StepsOnAndNeverBack) {
  const std::string path = testing::TempDir() + "city_simulator.clock";
  std::ofstream(path, std::ios::binary) << std::string(8, '\0');
  CityClock clock;
  ASSERT_EQ(clock.Open(path), "");
  clock.StepTo(kNoon);
  clock.StepTo(kNoon - std::chrono::seconds{1});
  EXPECT_EQ(clock.now(), kNoon);
  std::ifstream file(path, std::ios::binary);
  std::int64_t micros = 0;
  file.read(reinterpret_cast<char*>(&micros), sizeof micros);
  EXPECT_EQ(micros, kNoon.time_since_epoch().count());
  std::remove(path.c_str());
}

TEST(CityClockTest, AFileThatIsTooShortIsNoClock) {
  const std::string path = testing::TempDir() + "city_simulator.short";
  std::ofstream(path) << "now";
  EXPECT_NE(CityClock().Open(path), "");
  std::remove(path.c_str());
}

class InboxTest : public testing::Test {
 protected:
  void SetUp() override {
    Parties parties;
    parties.secrets["police"][1] = secret_;
    inbox_.Open(parties);
    inbox_.SetTime(kNoon);
  }

  Arrival Signed(const std::string& id, const std::string& event) const {
    const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds{1};
    Arrival arrival{"/hooks/police/1", id, std::to_string(now), {}, {}, {}, "POST"};
    arrival.body = R"({"type":"tilts.referral.requested","timestamp":"2025-10-27T10:00:00Z","data":{"event_id":")" +
                   event + "\"}}";
    arrival.signatures = Sign(secret_, arrival.id, arrival.timestamp, arrival.body);
    return arrival;
  }

  const std::string secret_ = SecretOf("twenty-four bytes of key");
  Scanner scanner_{{"zqcanary"}};
  Ledger ledger_;
  Inbox inbox_{scanner_, ledger_};
};

TEST_F(InboxTest, KeepsWhatIsSignedOnceHoweverOftenItComes) {
  EXPECT_EQ(inbox_.Receive(Signed("m1", "e1")).status, 204);
  EXPECT_EQ(inbox_.Receive(Signed("m1", "e1")).status, 204);
  const auto letters = inbox_.TakeNew();
  ASSERT_THAT(letters, SizeIs(1));
  EXPECT_EQ(letters[0].institution, "police");
  EXPECT_EQ(letters[0].notice.event_id(), "e1");
  EXPECT_EQ(letters[0].notice.type(), "tilts.referral.requested");
  EXPECT_THAT(inbox_.TakeNew(), IsEmpty());
}

TEST_F(InboxTest, TheSameEventUnderAnotherIdIsDoubled) {
  inbox_.Receive(Signed("m1", "e1"));
  inbox_.Receive(Signed("m2", "e1"));
  EXPECT_THAT(ledger_.Close(1).last_line, testing::HasSubstr(" doubled=1 "));
}

TEST_F(InboxTest, RefusesAndReportsWhatIsNotRightlySigned) {
  Arrival forged = Signed("m1", "e1");
  forged.body += " ";
  EXPECT_EQ(inbox_.Receive(forged).status, 401);
  EXPECT_THAT(inbox_.TakeNew(), IsEmpty());
  EXPECT_THAT(ledger_.Close(1).differences, testing::Contains(testing::HasSubstr("not rightly signed")));
}

TEST_F(InboxTest, AClosedDoorKeepsNothingUntilItOpens) {
  inbox_.CloseDoor("police", 1, kNoon, kNoon + std::chrono::minutes{4}, {.status = 500});
  EXPECT_EQ(inbox_.Receive(Signed("m1", "e1")).status, 500);
  inbox_.SetTime(kNoon + std::chrono::minutes{4});
  EXPECT_EQ(inbox_.Receive(Signed("m1", "e1")).status, 204);
  EXPECT_THAT(inbox_.TakeNew(), SizeIs(1));
}

TEST_F(InboxTest, ACanaryInAWebhookIsSeen) {
  Arrival arrival = Signed("m1", "e1");
  arrival.head = "x-child: zqcanary";
  inbox_.Receive(arrival);
  EXPECT_THAT(scanner_.leaks(), SizeIs(1));
}

TEST_F(InboxTest, ImminentDangerBeforeAClosedDoorIsExpectedAtTheSecond) {
  Parties parties;
  parties.secrets["police"] = {{1, "whsec_a"}, {2, "whsec_b"}};
  inbox_.CloseDoor("police", 1, kNoon, kNoon + std::chrono::minutes{4}, {.status = 500});
  ExpectDeliveries({"police", "asked", true, 1, true, kNoon}, parties, inbox_, ledger_);
  EXPECT_EQ(ledger_.expected(Kind::kDelivery), 2U);
  ExpectDeliveries({"police", "asked again", true, 1, false, kNoon}, parties, inbox_, ledger_);
  EXPECT_EQ(ledger_.expected(Kind::kDelivery), 3U);
  ExpectDeliveries({"police", "own move", false, 1, true, kNoon}, parties, inbox_, ledger_);
  EXPECT_EQ(ledger_.expected(Kind::kDelivery), 3U);
}

ReferralModel Asked(const std::string& key, Urgency urgency, Duty duty) {
  ReferralModel referral;
  referral.key = key;
  referral.ask.kind = REFERRAL_KIND_ACT;
  referral.ask.urgency = urgency;
  referral.ask.duty = duty;
  referral.requested = kNoon;
  return referral;
}

TEST(MannersTest, WhoSleepsActsInOfficeHoursOnlyAndInOrder) {
  const Instant friday_evening = *Read("2025-11-07T17:00:00Z");
  for (int number = 0; number < 300; ++number) {
    const auto referral = Asked("case/" + std::to_string(number), URGENCY_URGENT, DUTY_REPLACEABLE);
    Instant last = friday_evening;
    for (const PlannedMove& move :
         MovesOf({5, "bullying", false, true, Follows::kMunicipal}, referral, friday_evening)) {
      EXPECT_TRUE(IsOffice(move.at, Follows::kMunicipal)) << ForPeople(move.at);
      EXPECT_GT(move.at, last);
      last = move.at;
    }
  }
}

TEST(MannersTest, TheSameSeedBehavesTheSame) {
  const auto referral = Asked("case/1", URGENCY_ROUTINE, DUTY_REPLACEABLE);
  const Bearing bearing{5, "bullying", false, true, Follows::kState};
  const auto first = MovesOf(bearing, referral, kNoon), second = MovesOf(bearing, referral, kNoon);
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t each = 0; each < first.size(); ++each) {
    EXPECT_EQ(first[each].at, second[each].at);
    EXPECT_EQ(first[each].move, second[each].move);
  }
}

TEST(MannersTest, EveryMannerIsThrown) {
  std::set<ReferralMove> seen;
  bool silent = false;
  for (int number = 0; number < 300; ++number) {
    const auto moves = MovesOf({5, "bullying", false, true, Follows::kMunicipal},
                               Asked("case/" + std::to_string(number), URGENCY_ROUTINE, DUTY_REPLACEABLE), kNoon);
    silent = silent || moves.empty();
    for (const PlannedMove& move : moves) seen.insert(move.move);
  }
  EXPECT_TRUE(silent);
  EXPECT_THAT(seen, testing::UnorderedElementsAre(REFERRAL_MOVE_ACKNOWLEDGE, REFERRAL_MOVE_ACCEPT, REFERRAL_MOVE_REJECT,
                                                  REFERRAL_MOVE_START, REFERRAL_MOVE_HOLD, REFERRAL_MOVE_RESUME,
                                                  REFERRAL_MOVE_COMPLETE, REFERRAL_MOVE_FAIL));
}

}  // namespace
}  // namespace tilts::city_simulator
