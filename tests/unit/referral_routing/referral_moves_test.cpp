#include "referral_routing/domain/referral_moves.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace tilts::referral_routing {
namespace {

using S = ReferralState;

const CityTime kNow = core::ParseRfc3339("2026-03-02T08:30:00Z").value();

constexpr std::array kStates{S::kDraft,      S::kRequested, S::kReceived,  S::kAccepted,
                             S::kInProgress, S::kOnHold,    S::kCompleted, S::kRejected,
                             S::kFailed,     S::kCancelled, S::kExpired,   S::kEnteredInError};
constexpr std::array kMoves{Move::kSend,  Move::kAcknowledge, Move::kAccept,       Move::kReject,
                            Move::kStart, Move::kHold,        Move::kResume,       Move::kComplete,
                            Move::kFail,  Move::kCancel,      Move::kEnterInError, Move::kExpire};
constexpr Actor kRecipient{true, false, false};
constexpr Actor kRequester{false, true, false};
constexpr Actor kSystem{false, false, true};
constexpr Actor kNobody{};

Referral In(S state, ReferralKind kind = ReferralKind::kAct, Duty duty = Duty::kReplaceable) {
  Referral referral;
  referral.id = core::ReferralId("r-1");
  referral.ask.kind = kind;
  referral.ask.duty = duty;
  referral.state = state;
  referral.sequence = 3;
  referral.requested_at = kNow - std::chrono::hours{1};
  if (state == S::kOnHold) {
    referral.before_hold = S::kInProgress;
    referral.holds.push_back({kNow - std::chrono::minutes{5}, kNow + std::chrono::hours{48}});
  }
  return referral;
}

MoveRequest Complete(Move move) {
  MoveRequest request;
  request.move = move;
  request.role = "duty-officer";
  request.reject_reason = RejectReason::kNotCompetent;
  request.has_note = true;
  request.outcome = Outcome::kHelped;
  request.resume_at = kNow + std::chrono::hours{24};
  return request;
}

// Every cell of the table of states and moves: who may, and where it leads.
std::optional<S> Expected(ReferralKind kind, Duty duty, S state, Move move, Actor actor) {
  const bool act = kind == ReferralKind::kAct;
  const bool waiting = state == S::kRequested || state == S::kReceived;
  const bool working = state == S::kAccepted || state == S::kInProgress;
  const bool held = state == S::kOnHold;
  const bool notice_done = !act && state == S::kReceived;
  const bool open = state == S::kDraft || waiting || working || held;
  if (actor.recipient) {
    switch (move) {
      case Move::kAcknowledge:
        if (state == S::kRequested) return S::kReceived;
        return waiting || working || held ? std::optional(state) : std::nullopt;
      case Move::kAccept: return act && waiting ? std::optional(S::kAccepted) : std::nullopt;
      case Move::kReject: return act && waiting ? std::optional(S::kRejected) : std::nullopt;
      case Move::kStart: return state == S::kAccepted ? std::optional(S::kInProgress) : std::nullopt;
      case Move::kHold: return working ? std::optional(S::kOnHold) : std::nullopt;
      case Move::kResume: return held ? std::optional(S::kInProgress) : std::nullopt;
      case Move::kComplete: return working ? std::optional(S::kCompleted) : std::nullopt;
      case Move::kFail: return working ? std::optional(S::kFailed) : std::nullopt;
      default: return std::nullopt;
    }
  }
  if (actor.requester || actor.system) {
    if (move == Move::kSend) return state == S::kDraft ? std::optional(S::kRequested) : std::nullopt;
    if (move == Move::kEnterInError) return open && !notice_done ? std::optional(S::kEnteredInError) : std::nullopt;
    if (move == Move::kCancel) {
      if (working || held) return state;  // asks
      return open && !notice_done ? std::optional(S::kCancelled) : std::nullopt;
    }
  }
  if (actor.system && move == Move::kExpire) {
    const bool expires = act ? waiting && duty == Duty::kReplaceable : state == S::kRequested;
    return expires ? std::optional(S::kExpired) : std::nullopt;
  }
  return std::nullopt;
}

TEST(ReferralMovesTest, EveryCellLeadsWhereTheTableSays) {
  int cells = 0;
  for (const ReferralKind kind : {ReferralKind::kAct, ReferralKind::kInform}) {
    for (const Duty duty : {Duty::kExclusive, Duty::kReplaceable}) {
      for (const S state : kStates) {
        for (const Move move : kMoves) {
          for (const Actor actor : {kRecipient, kRequester, kSystem, kNobody}) {
            const Referral before = In(state, kind, duty);
            const auto expected = Expected(kind, duty, state, move, actor);
            const auto result = MakeMove(before, Complete(move), actor, kNow);
            ++cells;
            ASSERT_EQ(result.has_value(), expected.has_value())
                << ToString(move) << " from " << ToString(state) << " kind " << static_cast<int>(kind);
            if (expected) {
              EXPECT_EQ(result->referral.state, *expected) << ToString(move) << " from " << ToString(state);
              EXPECT_EQ(result->referral.sequence, before.sequence + (result->changed ? 1U : 0U));
            } else {
              EXPECT_TRUE(result.error().reason == "REFERRAL_STATE" || result.error().reason == "MOVE_NOT_YOURS");
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(cells, 2 * 2 * 12 * 12 * 4);
}

TEST(ReferralMovesTest, AvailableMovesAreExactlyThoseThatWouldChangeSomething) {
  for (const S state : kStates) {
    for (const Actor actor : {kRecipient, kRequester, kSystem}) {
      const Referral referral = In(state);
      const auto available = AvailableMoves(referral, actor);
      for (const Move move : kMoves) {
        const auto result = MakeMove(referral, Complete(move), actor, kNow);
        const bool listed = std::ranges::find(available, move) != available.end();
        EXPECT_EQ(listed, result.has_value() && result->changed) << ToString(move) << " from " << ToString(state);
      }
    }
  }
}

TEST(ReferralMovesTest, SecondAcknowledgementChangesNothing) {
  const auto first = MakeMove(In(S::kRequested), Complete(Move::kAcknowledge), kRecipient, kNow);
  ASSERT_TRUE(first);
  const auto second = MakeMove(first->referral, Complete(Move::kAcknowledge), kRecipient, kNow + std::chrono::hours{1});
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->changed);
  EXPECT_EQ(second->referral.received_at, kNow);
}

TEST(ReferralMovesTest, AcceptStraightFromRequestedCountsAsReceived) {
  const auto accepted = MakeMove(In(S::kRequested), Complete(Move::kAccept), kRecipient, kNow);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->referral.received_at, kNow);
  EXPECT_EQ(accepted->referral.answered_at, kNow);
  EXPECT_EQ(accepted->referral.role, "duty-officer");
}

TEST(ReferralMovesTest, LateAnswerToExpiredNamesTheState) {
  const auto late = MakeMove(In(S::kExpired), Complete(Move::kAccept), kRecipient, kNow);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, core::Errc::kRefused);
  EXPECT_EQ(late.error().reason, "REFERRAL_STATE");
  EXPECT_NE(late.error().message.find("EXPIRED"), std::string::npos);
}

TEST(ReferralMovesTest, AtCapacityIsRefusedForExclusiveDuties) {
  MoveRequest request = Complete(Move::kReject);
  request.reject_reason = RejectReason::kAtCapacity;
  const auto exclusive = MakeMove(In(S::kReceived, ReferralKind::kAct, Duty::kExclusive), request, kRecipient, kNow);
  ASSERT_FALSE(exclusive);
  EXPECT_EQ(exclusive.error().reason, "CAPACITY_NOT_ALLOWED");
  EXPECT_TRUE(MakeMove(In(S::kReceived), request, kRecipient, kNow));
}

TEST(ReferralMovesTest, CancelAfterAcceptanceWaitsForTheRecipient) {
  const auto asked = MakeMove(In(S::kInProgress), Complete(Move::kCancel), kRequester, kNow);
  ASSERT_TRUE(asked);
  EXPECT_TRUE(asked->changed);
  EXPECT_EQ(asked->referral.state, S::kInProgress);
  EXPECT_TRUE(asked->referral.cancel_requested);
  EXPECT_EQ(MakeMove(asked->referral, Complete(Move::kCancel), kRequester, kNow).error().reason,
            "CANCEL_ALREADY_REQUESTED");
  MoveRequest confirm;
  confirm.move = Move::kCancel;
  const auto confirmed = MakeMove(asked->referral, confirm, kRecipient, kNow);
  ASSERT_TRUE(confirmed);
  EXPECT_EQ(confirmed->referral.state, S::kCancelled);
  EXPECT_EQ(confirmed->referral.ended_at, kNow);
}

TEST(ReferralMovesTest, ResumeReturnsToTheStateBeforeTheHoldAndEndsThePause) {
  const auto held = MakeMove(In(S::kAccepted), Complete(Move::kHold), kRecipient, kNow);
  ASSERT_TRUE(held);
  const auto resumed = MakeMove(held->referral, Complete(Move::kResume), kRecipient, kNow + std::chrono::hours{2});
  ASSERT_TRUE(resumed);
  EXPECT_EQ(resumed->referral.state, S::kAccepted);
  ASSERT_EQ(resumed->referral.holds.size(), 1U);
  EXPECT_EQ(resumed->referral.holds[0].to, kNow + std::chrono::hours{2});
}

TEST(ReferralMovesTest, MissingFieldsAreNamed) {
  const std::map<Move, std::string> required{{Move::kAcknowledge, "role"}, {Move::kAccept, "role"},
                                             {Move::kReject, "reason"},    {Move::kHold, "note"},
                                             {Move::kComplete, "outcome"}, {Move::kFail, "note"}};
  for (const auto& [move, field] : required) {
    MoveRequest bare;
    bare.move = move;
    const S from =
        move == Move::kAcknowledge || move == Move::kAccept || move == Move::kReject ? S::kRequested : S::kAccepted;
    const auto result = MakeMove(In(from), bare, kRecipient, kNow);
    ASSERT_FALSE(result) << ToString(move);
    EXPECT_EQ(result.error().code, core::Errc::kInvalid);
    EXPECT_EQ(result.error().violations.front().field, field) << ToString(move);
  }
}

TEST(ReferralMovesTest, RejectForOtherReasonNeedsANote) {
  MoveRequest request = Complete(Move::kReject);
  request.reject_reason = RejectReason::kOther;
  request.has_note = false;
  EXPECT_EQ(MakeMove(In(S::kRequested), request, kRecipient, kNow).error().violations.front().field, "note");
}

}  // namespace
}  // namespace tilts::referral_routing
