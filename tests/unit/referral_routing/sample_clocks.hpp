#pragma once

#include <fstream>
#include <sstream>

#include "calendar/calendar_data.hpp"
#include "referral_routing/domain/ladder.hpp"

// The city's calendars as they are, and small ladders, for tests of clocks.
namespace tilts::referral_routing::testing {

using calendar::DeadlineKind;

inline calendar::Calendar Load(const std::string& id) {
  std::ifstream file(TILTS_SOURCE_DIR "/services/registry/data/calendars/" + id + ".json");
  std::stringstream text;
  text << file.rdbuf();
  return calendar::ParseCalendar(text.str()).value();
}

inline CityTime At(std::string_view text) {
  return core::ParseRfc3339(text).value();
}
// The instant of a wall-clock time in Riga, "2026-03-06 18:00" without the zone.
inline CityTime Riga(int year, unsigned month, unsigned day, int hour, int minute = 0) {
  const calendar::LocalDate date{std::chrono::year{year} / month / day};
  return calendar::FromRiga(calendar::LocalTime{date} + std::chrono::hours{hour} + std::chrono::minutes{minute});
}

inline PolicySet Policies() {
  PolicySet set;
  set.ladders["standard"] = {"standard",
                             1,
                             false,
                             1,
                             {{"remind-50", AtPercent{50}, 5, {Audience::kRecipient}, true, 1, false},
                              {"remind-90", AtPercent{90}, 0, {Audience::kRecipient}, true, 1, false},
                              {"head", AfterDue{}, 0, {Audience::kRecipientHead}, false, 1, false},
                              {"coordinator", AfterDue{0, 1}, 0, {Audience::kCoordinator}, false, 1, false},
                              {"last", AfterDue{0, 2}, 0, {Audience::kSupervisor}, false, 1, true}}};
  set.ladders["imminent"] = {"imminent",
                             1,
                             true,
                             0,
                             {{"second-channel", AfterStart{120}, 0, {Audience::kRecipient}, true, 2, false},
                              {"duty-officer", AfterDue{}, 0, {Audience::kRecipientHead}, false, 2, false},
                              {"last", AfterDue{900, 0}, 0, {Audience::kSupervisor}, false, 2, true}}};
  const auto days = [](int n) { return ClockRule{{DeadlineKind::kWorkingDays, n, {}}, "standard"}; };
  set.policies["ordinary"] = {
      "ordinary",
      1,
      {{ClockName::kAcknowledge, days(1)}, {ClockName::kAnswer, days(5)}, {ClockName::kOutcome, days(30)}}};
  set.policies["group"] = {
      "group", 1, {{ClockName::kAcknowledge, days(1)}, {ClockName::kAnswer, days(2)}, {ClockName::kOutcome, days(30)}}};
  const ClockRule quarter{{DeadlineKind::kClock, 900, {}}, "imminent"};
  set.policies["imminent"] = {
      "imminent",
      1,
      {{ClockName::kAcknowledge, quarter}, {ClockName::kAnswer, quarter}, {ClockName::kOutcome, days(5)}}};
  return set;
}

inline Referral SentAt(CityTime at, const calendar::Calendar& calendar, const std::string& policy = "ordinary") {
  Referral referral;
  referral.ask.policy_id = policy;
  referral.ask.duty = Duty::kReplaceable;
  referral.state = ReferralState::kRequested;
  referral.requested_at = at;
  referral.due = ComputeDue(*Policies().FindPolicy(policy), referral, calendar).value();
  return referral;
}

}  // namespace tilts::referral_routing::testing
