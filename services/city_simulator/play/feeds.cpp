#include "city_simulator/play/feeds.hpp"

#include <functional>

namespace tilts::city_simulator {
namespace {

using notification::v1::FeedItem;

// Calls `each` for every item after the cursor; empty: all were read.
std::string ReadOn(Api& api, const Caller& caller, std::uint64_t cursor,
                   const std::function<void(const FeedItem&)>& each) {
  while (true) {
    notification::v1::ReadFeedRequest request;
    request.set_cursor(cursor);
    request.set_limit(500);
    notification::v1::ReadFeedResponse response;
    const Called called = api.Call(caller, "tilts.notification.v1.NotificationService/ReadFeed", request, &response);
    if (!called.ok())
      return "the feed of " + caller.institution + " answered " + std::to_string(called.status) + " " + called.problem;
    for (const FeedItem& item : response.items()) each(item);
    if (response.items().empty()) return {};
    cursor = response.next_cursor();
  }
}

std::string MoveOf(const std::string& type) {
  static const std::map<std::string, std::string> kMoves = {{"tilts.referral.received", "REFERRAL_MOVE_ACKNOWLEDGE"},
                                                            {"tilts.referral.accepted", "REFERRAL_MOVE_ACCEPT"},
                                                            {"tilts.referral.rejected", "REFERRAL_MOVE_REJECT"},
                                                            {"tilts.referral.started", "REFERRAL_MOVE_START"},
                                                            {"tilts.referral.held", "REFERRAL_MOVE_HOLD"},
                                                            {"tilts.referral.resumed", "REFERRAL_MOVE_RESUME"},
                                                            {"tilts.referral.completed", "REFERRAL_MOVE_COMPLETE"},
                                                            {"tilts.referral.failed", "REFERRAL_MOVE_FAIL"}};
  const auto found = kMoves.find(type);
  return found == kMoves.end() ? std::string() : found->second;
}

}  // namespace

std::string Feeds::Mark(Api& api, const Parties& parties) {
  for (const auto& [institution, caller] : parties.callers) {
    std::uint64_t& mark = marks_[institution];
    const std::string failure = ReadOn(api, caller, 0, [&](const FeedItem& item) { mark = item.cursor(); });
    if (!failure.empty()) return failure;
  }
  return {};
}

void Feeds::Compare(Api& api, const Parties& parties, const World& world, Witness& witness, Ledger& ledger) {
  for (const auto& [institution, caller] : parties.callers) {
    std::multiset<std::string> missing = expected_[institution];
    std::uint64_t cursor = marks_[institution];
    const std::string failure = ReadOn(api, caller, cursor, [&](const FeedItem& item) {
      const auto& notice = item.notice();
      if (item.cursor() != ++cursor)
        ledger.Complain("the feed of " + institution + " jumps to " + std::to_string(item.cursor()));
      if (witness.ignores(notice.referral_id())) return;
      const std::string text = witness.TextOf(notice, institution);
      const auto expected = missing.find(text);
      if (expected == missing.end()) {
        ledger.Complain("the feed of " + institution + " says what nobody expected: " + text);
      } else {
        missing.erase(expected);
      }
      if (!witness.knows_referral(notice.referral_id())) return;
      const ReferralModel& referral = world.referrals()[witness.ReferralOf(notice.referral_id())];
      const Instant at = InstantOf(notice.timestamp());
      const std::string sequence = std::to_string(notice.referral_sequence());
      const bool to_the_asking_side = institution != referral.recipient || referral.requester == referral.recipient;
      if (const std::string move = MoveOf(notice.type()); !move.empty() && to_the_asking_side) {
        ledger.See(Kind::kAnswer, move + " of " + referral.key + " #" + sequence, at);
      }
      if (!notice.rung_id().empty() && institution == referral.recipient) {
        ledger.See(Kind::kEscalation,
                   World::EscalationEntry(notice.rung_id(), referral.key, notice.referral_sequence(), at), at);
      }
    });
    if (!failure.empty()) ledger.Complain(failure);
    for (const std::string& text : missing) ledger.Complain("the feed of " + institution + " does not say: " + text);
  }
}

}  // namespace tilts::city_simulator
