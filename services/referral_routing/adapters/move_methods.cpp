#include "referral_routing/adapters/move_methods.hpp"

#include "wire/time.hpp"

namespace tilts::referral_routing {
namespace {

using core::Result;
namespace v1 = referrals::v1;

constexpr char kService[] = "tilts.referrals.v1.ReferralService/";

template <typename Request>
MoveCall CallOf(const Request& request, Move move, std::string note = {}) {
  MoveCall call{request.request_id(), request.referral_id(), request.etag(), std::move(note), {}, request};
  call.request.move = move;
  call.request.has_note = !call.note.empty();
  return call;
}

// A method that is one move: `read` takes the request's own fields.
template <typename Request, typename Response, typename Read>
void BindMove(rpc::MethodTable& methods, const ReferralApi& api, const std::string& name, Read read) {
  methods.Bind<Request, Response>(
      kService + name, [&api, read](const rpc::CallContext& call, const Request& request) -> Result<Response> {
        TILTS_ASSIGN(const MoveCall move, Result<MoveCall>(read(request)));
        Response response;
        TILTS_ASSIGN(*response.mutable_referral(), api.Move(call, move));
        return response;
      });
}

void BindReads(rpc::MethodTable& methods, const ReferralApi& api) {
  methods.Bind<v1::GetReferralRequest, v1::GetReferralResponse>(
      std::string(kService) + "GetReferral",
      [&api](const rpc::CallContext& call, const v1::GetReferralRequest& request) -> Result<v1::GetReferralResponse> {
        v1::GetReferralResponse response;
        TILTS_ASSIGN(*response.mutable_referral(), api.Get(call, request.referral_id()));
        return response;
      });
  methods.Bind<v1::ListReferralsRequest, v1::ListReferralsResponse>(
      std::string(kService) + "ListReferrals",
      [&api](const rpc::CallContext& call, const v1::ListReferralsRequest& request) {
        return api.List(call, request);
      });
  methods.Bind<v1::ExplainRoutingRequest, v1::ExplainRoutingResponse>(
      std::string(kService) + "ExplainRouting",
      [&api](const rpc::CallContext& call, const v1::ExplainRoutingRequest& request) {
        return api.Explain(call, request);
      });
}

void BindAnswers(rpc::MethodTable& methods, const ReferralApi& api) {
  BindMove<v1::AcknowledgeReferralRequest, v1::AcknowledgeReferralResponse>(
      methods, api, "AcknowledgeReferral", [](const auto& request) {
        MoveCall call = CallOf(request, Move::kAcknowledge);
        call.request.role = request.role();
        return call;
      });
  BindMove<v1::AcceptReferralRequest, v1::AcceptReferralResponse>(methods, api, "AcceptReferral",
                                                                  [](const auto& request) {
                                                                    MoveCall call = CallOf(request, Move::kAccept);
                                                                    call.request.role = request.role();
                                                                    call.request.unit = request.unit_id();
                                                                    return call;
                                                                  });
  BindMove<v1::RejectReferralRequest, v1::RejectReferralResponse>(
      methods, api, "RejectReferral", [](const auto& request) {
        MoveCall call = CallOf(request, Move::kReject, request.note());
        call.request.role = request.role();
        call.request.reject_reason = static_cast<RejectReason>(static_cast<int>(request.reason()));
        return call;
      });
}

void BindWork(rpc::MethodTable& methods, const ReferralApi& api) {
  BindMove<v1::StartReferralRequest, v1::StartReferralResponse>(
      methods, api, "StartReferral", [](const auto& request) { return CallOf(request, Move::kStart); });
  BindMove<v1::HoldReferralRequest, v1::HoldReferralResponse>(
      methods, api, "HoldReferral", [](const auto& request) -> Result<MoveCall> {
        MoveCall call = CallOf(request, Move::kHold, request.note());
        if (request.has_resume_at()) {
          TILTS_ASSIGN(call.request.resume_at, wire::FromTimestamp(request.resume_at()));
        }
        return call;
      });
  BindMove<v1::ResumeReferralRequest, v1::ResumeReferralResponse>(
      methods, api, "ResumeReferral", [](const auto& request) { return CallOf(request, Move::kResume); });
  BindMove<v1::CompleteReferralRequest, v1::CompleteReferralResponse>(
      methods, api, "CompleteReferral", [](const auto& request) {
        MoveCall call = CallOf(request, Move::kComplete, request.result());
        call.request.outcome = static_cast<Outcome>(static_cast<int>(request.outcome()));
        call.request.measure_codes = {request.measure_codes().begin(), request.measure_codes().end()};
        return call;
      });
  BindMove<v1::FailReferralRequest, v1::FailReferralResponse>(
      methods, api, "FailReferral", [](const auto& request) { return CallOf(request, Move::kFail, request.note()); });
}

void BindRequester(rpc::MethodTable& methods, const ReferralApi& api) {
  BindMove<v1::CancelReferralRequest, v1::CancelReferralResponse>(
      methods, api, "CancelReferral",
      [](const auto& request) { return CallOf(request, Move::kCancel, request.note()); });
  BindMove<v1::MarkEnteredInErrorRequest, v1::MarkEnteredInErrorResponse>(
      methods, api, "MarkEnteredInError",
      [](const auto& request) { return CallOf(request, Move::kEnterInError, request.note()); });
}

}  // namespace

void BindMethods(rpc::MethodTable& methods, const ReferralApi& api) {
  BindReads(methods, api);
  BindAnswers(methods, api);
  BindWork(methods, api);
  BindRequester(methods, api);
}

}  // namespace tilts::referral_routing
