#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "calendar/open_time.hpp"
#include "sample_city.hpp"
#include "sample_clocks.hpp"

namespace tilts::referral_routing {
namespace {

using namespace testing;

// Whatever is sent, rejected or expired in whatever order: never two open referrals of one purpose, and somebody always
// owns the purpose (an open referral, an accepted end, or the coordinator's task).
TEST(PlanPropertyTest, NeverTwoOwnersNeverNone) {
  const bool held = rc::check("one owner per purpose", [] {
    const RuleSet rules = OneRule(
        {MakeAction(kCrisisCentre, "PLACE", Duty::kReplaceable), MakeAction(kSocialService, "HELP", Duty::kExclusive)});
    auto city = City();
    std::vector<Referral> all;
    const auto add = [&](const Plan& plan) {
      for (Referral& referral : all) {
        for (const auto& id : plan.withdrawn) {
          if (referral.id == id) referral.state = ReferralState::kCancelled;
        }
      }
      for (const Planned& planned : plan.sends) all.push_back(Sent(planned, "r-" + std::to_string(all.size())));
    };
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 40));
    add(PlanCase(rules.Evaluate(InRiga()), InRiga(), city, all));
    for (const int step : steps) {
      Referral& picked = all[static_cast<std::size_t>(step) % all.size()];
      if (step % 4 == 3) city[0].at_capacity = !city[0].at_capacity;
      if (picked.ask.kind == ReferralKind::kAct && IsOpen(picked)) {
        picked.state = step % 2 == 0 ? ReferralState::kRejected : ReferralState::kExpired;
        const Referral ended = picked;
        add(PlanReplacement(ended, rules.Evaluate(InRiga()), InRiga(), city, all));
      }
      add(PlanCase(rules.Evaluate(InRiga()), InRiga(), city, all));
      for (const char* purpose : {"PLACE", "HELP"}) {
        int owners = 0;
        for (const Referral& referral : all) {
          const bool task = referral.ask.purpose == std::string(kTaskPrefix) + purpose;
          if ((referral.ask.purpose == purpose || task) && IsOpen(referral)) ++owners;
        }
        RC_ASSERT(owners == 1);
      }
    }
  });
  EXPECT_TRUE(held);
}

// Whenever it is sent and whichever clock runs: rungs are in order, none before the clock began, none at night.
TEST(SchedulePropertyTest, NothingIsEarlyOrAtNight) {
  const auto calendar = Load("municipal");
  const PolicySet policies = Policies();
  const bool held = rc::check("rungs are late enough and polite", [&] {
    const auto minutes = *rc::gen::inRange(0, 60 * 24 * 700);
    Referral referral = SentAt(At("2024-01-02T00:00:00Z") + std::chrono::minutes{minutes}, calendar);
    const auto delay = *rc::gen::inRange(0, 60 * 24 * 20);
    CityTime since = *referral.requested_at;
    if (*rc::gen::arbitrary<bool>()) {
      since += std::chrono::minutes{delay};
      referral.received_at = since;
      referral.state = ReferralState::kReceived;
    }
    CityTime previous = since;
    const auto schedule = Schedule(policies, referral, calendar).value();
    for (const auto& rung : schedule) {
      RC_ASSERT(rung.at >= previous);
      RC_ASSERT(calendar::IsOpen(rung.at, calendar).value());
      if (!rung.rung->reminder) {
        RC_ASSERT(rung.at >=
                  (referral.state == ReferralState::kReceived ? *referral.due.answer : *referral.due.acknowledge));
      }
      previous = rung.at;
    }
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace tilts::referral_routing
