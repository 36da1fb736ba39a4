#include "referral_routing/domain/referral_moves.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/concat.hpp"

namespace tilts::referral_routing {
namespace {

using core::Errc;
using core::Fail;
using State = ReferralState;

constexpr std::array kMoves{Move::kSend,  Move::kAcknowledge, Move::kAccept,       Move::kReject,
                            Move::kStart, Move::kHold,        Move::kResume,       Move::kComplete,
                            Move::kFail,  Move::kCancel,      Move::kEnterInError, Move::kExpire};

bool Belongs(Move move, Actor actor, const Referral& referral) {
  switch (move) {
    case Move::kAcknowledge:
    case Move::kAccept:
    case Move::kReject:
    case Move::kStart:
    case Move::kHold:
    case Move::kResume:
    case Move::kComplete:
    case Move::kFail: return actor.recipient;
    case Move::kCancel: return actor.requester || actor.system || (actor.recipient && referral.cancel_requested);
    case Move::kSend:
    case Move::kEnterInError: return actor.requester || actor.system;
    case Move::kExpire: return actor.system;
    case Move::kUnspecified: return false;
  }
  return false;
}

bool Waiting(State state) {
  return state == State::kRequested || state == State::kReceived;
}
bool Working(State state) {
  return state == State::kAccepted || state == State::kInProgress;
}

// Where the move leads, or nothing when it is not possible from here.
std::optional<State> Target(const Referral& r, Move move, Actor actor) {
  const State from = r.state;
  const bool act = r.ask.kind == ReferralKind::kAct;
  const auto when = [&](bool possible, State to) { return possible ? std::optional<State>(to) : std::nullopt; };
  switch (move) {
    case Move::kSend: return when(from == State::kDraft, State::kRequested);
    case Move::kAcknowledge:
      if (from == State::kRequested) return State::kReceived;
      // Already received: nothing changes and it is no error.
      return when(from == State::kReceived || IsAccepted(from), from);
    case Move::kAccept: return when(act && Waiting(from), State::kAccepted);
    case Move::kReject: return when(act && Waiting(from), State::kRejected);
    case Move::kStart: return when(from == State::kAccepted, State::kInProgress);
    case Move::kHold: return when(Working(from), State::kOnHold);
    case Move::kResume: return when(from == State::kOnHold, r.before_hold);
    case Move::kComplete: return when(Working(from), State::kCompleted);
    case Move::kFail: return when(Working(from), State::kFailed);
    case Move::kCancel:
      if (!IsAccepted(from)) return when(IsOpen(r), State::kCancelled);
      // Once accepted the requester only asks; the recipient ends it by cancelling too.
      return actor.recipient && r.cancel_requested ? State::kCancelled : from;
    case Move::kEnterInError: return when(IsOpen(r), State::kEnteredInError);
    case Move::kExpire:
      return when(act ? r.ask.duty == Duty::kReplaceable && Waiting(from) : from == State::kRequested, State::kExpired);
    case Move::kUnspecified: return std::nullopt;
  }
  return std::nullopt;
}

core::Violation Missing(std::string field, std::string message) {
  return {std::move(field), "REQUIRED", std::move(message)};
}

core::Status CheckFields(const Referral& referral, const MoveRequest& request, Actor actor, CityTime now) {
  std::vector<core::Violation> violations;
  const Move move = request.move;
  if ((move == Move::kAcknowledge || move == Move::kAccept) && request.role.empty()) {
    violations.push_back(Missing("role", "name the role that has seen it, e.g. duty-officer"));
  }
  if (move == Move::kReject && request.reject_reason == RejectReason::kUnspecified) {
    violations.push_back(Missing("reason", "say why with one of the reason codes"));
  }
  const bool other = move == Move::kReject && request.reject_reason == RejectReason::kOther;
  const bool confirms = actor.recipient && referral.cancel_requested;
  const bool says_why = other || move == Move::kFail || move == Move::kHold || (move == Move::kCancel && !confirms);
  if (says_why && !request.has_note) violations.push_back(Missing("note", "say why in a few words"));
  if (move == Move::kHold) {
    if (!request.resume_at) {
      violations.push_back(Missing("resume_at", "say when work goes on"));
    } else if (*request.resume_at <= now) {
      violations.push_back({"resume_at", "NOT_IN_FUTURE", "give a time after now"});
    }
  }
  if (move == Move::kComplete && request.outcome == Outcome::kUnspecified) {
    violations.push_back(Missing("outcome", "say what came of it with one of the outcome codes"));
  }
  if (violations.empty()) return {};
  return Fail(core::Error{Errc::kInvalid, "the move lacks something", "FIELDS", std::move(violations), 0});
}

void Apply(Referral& r, const MoveRequest& request, State to, CityTime now) {
  const State from = r.state;
  r.state = to;
  if (!r.received_at && from == State::kRequested &&
      (to == State::kReceived || to == State::kAccepted || to == State::kRejected)) {
    r.received_at = now;
  }
  if (!request.role.empty()) r.role = request.role;
  switch (request.move) {
    case Move::kSend: r.requested_at = now; break;
    case Move::kAccept:
      r.answered_at = now;
      r.unit = request.unit;
      r.overdue = false;
      break;
    case Move::kReject:
      r.answered_at = now;
      r.reject_reason = request.reject_reason;
      break;
    case Move::kHold:
      r.before_hold = from;
      r.holds.push_back({now, *request.resume_at});
      break;
    case Move::kResume:
      r.before_hold = State::kUnspecified;
      r.holds.back().to = std::min(r.holds.back().to, now);
      break;
    case Move::kComplete:
      r.outcome = request.outcome;
      r.measure_codes = request.measure_codes;
      break;
    case Move::kAcknowledge:
    case Move::kStart:
    case Move::kFail:
    case Move::kCancel:
    case Move::kEnterInError:
    case Move::kExpire:
    case Move::kUnspecified: break;
  }
  if (!IsOpen(r)) r.ended_at = now;
  ++r.sequence;
}

}  // namespace

core::Result<MoveResult> MakeMove(const Referral& referral, const MoveRequest& request, Actor actor, CityTime now) {
  if (!Belongs(request.move, actor, referral)) {
    return Fail(Errc::kDenied, core::Concat(ToString(request.move), " is not this party's move now"), "MOVE_NOT_YOURS");
  }
  const auto target = Target(referral, request.move, actor);
  if (!target) {
    return Fail(Errc::kRefused,
                core::Concat("the referral is ", ToString(referral.state), "; ", ToString(request.move),
                             " is not possible now: read it again and choose one of its available moves"),
                "REFERRAL_STATE");
  }
  if (!actor.system) TILTS_CHECK(CheckFields(referral, request, actor, now));
  if (request.move == Move::kReject && request.reject_reason == RejectReason::kAtCapacity &&
      referral.ask.duty == Duty::kExclusive) {
    return Fail(Errc::kRefused, "this duty is the recipient's alone by law; capacity is no reason to refuse it",
                "CAPACITY_NOT_ALLOWED");
  }
  MoveResult result{referral, true};
  if (request.move == Move::kCancel && *target == referral.state) {
    if (referral.cancel_requested) {
      return Fail(Errc::kRefused, "the recipient was asked already; it confirms by cancelling",
                  "CANCEL_ALREADY_REQUESTED");
    }
    result.referral.cancel_requested = true;
    ++result.referral.sequence;
    return result;
  }
  if (*target == referral.state) {
    result.changed = false;
    return result;
  }
  Apply(result.referral, request, *target, now);
  return result;
}

std::vector<Move> AvailableMoves(const Referral& referral, Actor actor) {
  std::vector<Move> moves;
  for (const Move move : kMoves) {
    if (!Belongs(move, actor, referral)) continue;
    const auto target = Target(referral, move, actor);
    if (!target) continue;
    const bool asks = move == Move::kCancel && *target == referral.state && !referral.cancel_requested;
    if (*target != referral.state || asks) moves.push_back(move);
  }
  return moves;
}

}  // namespace tilts::referral_routing
