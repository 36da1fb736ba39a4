// How the institutions' people answer: the part of the director that makes moves and looks at what is shown.
#include <algorithm>

#include "city_simulator/play/director.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: moves in the contracts' words
using google::protobuf::Message;

constexpr const char* kService = "tilts.referrals.v1.ReferralService/";

google::protobuf::Timestamp Stamp(Instant at) {
  google::protobuf::Timestamp stamp;
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  stamp.set_seconds(whole.time_since_epoch().count());
  stamp.set_nanos(static_cast<std::int32_t>((at - whole).count() * 1000));
  return stamp;
}

struct Sending {
  Api& api;
  const Caller& caller;
  Api::Door door;
  std::string request_id;
  std::string referral_id;

  template <typename Request, typename Response>
  Called Send(const char* method, Request request, Response response) const {
    request.set_request_id(request_id);
    request.set_referral_id(referral_id);
    return api.Call(caller, std::string(kService) + method, request, &response, door);
  }
};

Called SendMove(const Sending& sending, const PlannedMove& move, const Canary& canary, std::uint64_t number) {
  namespace api = referrals::v1;
  switch (move.move) {
    case REFERRAL_MOVE_ACKNOWLEDGE: {
      api::AcknowledgeReferralRequest request;
      request.set_role("duty-officer");
      return sending.Send("AcknowledgeReferral", request, api::AcknowledgeReferralResponse{});
    }
    case REFERRAL_MOVE_ACCEPT: {
      api::AcceptReferralRequest request;
      request.set_role("case-worker");
      return sending.Send("AcceptReferral", request, api::AcceptReferralResponse{});
    }
    case REFERRAL_MOVE_REJECT: {
      api::RejectReferralRequest request;
      request.set_reason(move.reject_reason);
      request.set_note(canary.Text("Not us:", number));
      request.set_role("duty-officer");
      return sending.Send("RejectReferral", request, api::RejectReferralResponse{});
    }
    case REFERRAL_MOVE_START:
      return sending.Send("StartReferral", api::StartReferralRequest{}, api::StartReferralResponse{});
    case REFERRAL_MOVE_HOLD: {
      api::HoldReferralRequest request;
      *request.mutable_resume_at() = Stamp(*move.resume_at);
      request.set_note(canary.Text("The family is away:", number));
      return sending.Send("HoldReferral", request, api::HoldReferralResponse{});
    }
    case REFERRAL_MOVE_RESUME:
      return sending.Send("ResumeReferral", api::ResumeReferralRequest{}, api::ResumeReferralResponse{});
    case REFERRAL_MOVE_COMPLETE: {
      api::CompleteReferralRequest request;
      request.set_outcome(move.outcome);
      request.set_result(canary.Text("What came of it:", number));
      return sending.Send("CompleteReferral", request, api::CompleteReferralResponse{});
    }
    case REFERRAL_MOVE_FAIL: {
      api::FailReferralRequest request;
      request.set_note(canary.Text("It could not be done:", number));
      return sending.Send("FailReferral", request, api::FailReferralResponse{});
    }
    default: return {0, "UNPLANNED", "no recipient makes this move"};
  }
}

bool ShowsPeople(const referrals::v1::Referral& seen) {
  return std::any_of(seen.case_view().people().begin(), seen.case_view().people().end(),
                     [](const auto& person) { return !person.given_name().empty() || !person.family_name().empty(); });
}

bool ShowsText(const referrals::v1::Referral& seen) {
  return std::any_of(seen.case_view().reports().begin(), seen.case_view().reports().end(),
                     [](const auto& report) { return !report.description().empty(); });
}

}  // namespace

void Director::Make(std::size_t index, const PlannedMove& move, Instant at) {
  const std::string key = stage_.world.referrals()[index].key;
  const std::string recipient = stage_.world.referrals()[index].recipient;
  const unsigned sequence = stage_.world.referrals()[index].sequence;
  const bool possible =
      stage_.world.Move(index, {move.move, recipient, move.reject_reason, move.outcome, move.resume_at}, at);
  const bool changed = possible && stage_.world.referrals()[index].sequence != sequence;
  const std::string what = ReferralMove_Name(move.move) + " of " + key;
  if (changed) stage_.ledger.Expect(Kind::kAnswer, what + " #" + std::to_string(sequence + 1), at);
  const Sending sending{stage_.api, CallerOf(recipient), DoorFor(what), RequestId("move"),
                        stage_.witness.IdOfReferral(index)};
  const Called called = SendMove(sending, move, stage_.canary, index);
  if (called.ok() != possible) {
    return stage_.ledger.Complain(what + " answered " + std::to_string(called.status) + " " + called.problem +
                                  (possible ? " and had to be accepted" : " and had to be refused"));
  }
  if (!possible) return;
  if (move.move == REFERRAL_MOVE_ACCEPT) ReadOn(index);
  ConsiderClosing(stage_.world.referrals()[index].case_index, at);
}

// Who accepted reads on: now it may see whom it is about.
void Director::ReadOn(std::size_t index) {
  referrals::v1::GetReferralRequest request;
  request.set_referral_id(stage_.witness.IdOfReferral(index));
  referrals::v1::GetReferralResponse response;
  const ReferralModel& referral = stage_.world.referrals()[index];
  const Called called = stage_.api.Call(CallerOf(referral.recipient), std::string(kService) + "GetReferral", request,
                                        &response, DoorFor("read on " + referral.key));
  if (!called.ok())
    return stage_.ledger.Complain(referral.recipient + " could not read what it accepted: " + called.problem);
  CheckView(response.referral(), index);
}

void Director::CheckView(const referrals::v1::Referral& seen, std::size_t index) {
  const ReferralModel& referral = stage_.world.referrals()[index];
  // A coordinator that is asked something itself sees its own case whole.
  if (referral.recipient == referral.requester) return;
  const std::string who = referral.key + " as " + referral.recipient + " sees it";
  if (!referral.is_accepted()) {
    if (ShowsPeople(seen) || ShowsText(seen))
      stage_.ledger.Complain(who + " shows names or texts before it was accepted");
    return;
  }
  const auto planned = stage_.world.cases()[referral.case_index].first_planned();
  const bool known = !planned || reports_.at(*planned)->situation != "nobody-knows-whom";
  if (known && !ShowsPeople(seen)) stage_.ledger.Complain(who + " shows nobody although it was accepted");
}

}  // namespace tilts::city_simulator
