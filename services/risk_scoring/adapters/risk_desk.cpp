#include "risk_scoring/adapters/risk_desk.hpp"

#include "backbone/audit.hpp"
#include "events/draft.hpp"
#include "events/in_memory_bus.hpp"
#include "risk_scoring/app/pupil_view.hpp"
#include "wire/bytes.hpp"

namespace tilts::risk_scoring {
namespace {

using core::Errc;
using core::Fail;
using core::Result;

constexpr char kService[] = "risk-scoring";
constexpr char kChain[] = "risk-scoring.pmp";
constexpr std::uint32_t kDefaultPlaces = 50;
constexpr std::uint32_t kMostPlaces = 500;

tl::unexpected<core::Error> Wrong(const char* field, const char* code, const char* message) {
  return Fail({Errc::kInvalid, message, code, {{field, code, message}}, 0});
}

}  // namespace

void RiskDesk::Bind(rpc::MethodTable& methods) const {
  const auto bind = [&]<typename Request, typename Response>(
                        const char* method,
                        Result<Response> (RiskDesk::*serve)(const rpc::CallContext&, const Request&) const) {
    methods.Bind<Request, Response>(
        std::string("tilts.risk.v1.RiskService/") + method,
        [this, serve](const rpc::CallContext& call, const Request& request) { return (this->*serve)(call, request); });
  };
  bind("GetScore", &RiskDesk::GetScore);
  bind("ExplainScore", &RiskDesk::ExplainScore);
  bind("ListProposals", &RiskDesk::ListProposals);
  bind("WhatIf", &RiskDesk::WhatIf);
  bind("ActivateCard", &RiskDesk::ActivateCard);
  methods.Bind<risk::v1::GetCardRequest, risk::v1::GetCardResponse>(
      "tilts.risk.v1.RiskService/GetCard",
      [this](const rpc::CallContext&, const risk::v1::GetCardRequest&) { return GetCard(); });
}

std::vector<events::TopicPartition> RiskDesk::AllPartitions() const {
  std::vector<events::TopicPartition> all;
  for (std::int32_t i = 0; i < parts_.partitions; ++i) all.push_back({parts_.topic, i});
  return all;
}

core::Status RiskDesk::Record(const rpc::CallContext& call, const auth::AuditFacts& facts) const {
  TILTS_ASSIGN(const events::Draft record, backbone::AuditOfCall(call, kService, facts));
  return parts_.publisher.Publish({&record, 1});
}

Result<Control> RiskDesk::ControlOf(const std::string& stored) const {
  if (!stored.empty()) return UnpackControl(stored);
  Control control;
  control.card = parts_.first_card;
  return control;
}

Result<RiskDesk::Seen> RiskDesk::See(const rpc::CallContext& call, const std::string& pupil_id,
                                     const char* view) const {
  const events::TopicPartition at{parts_.topic, events::PartitionOf(pupil_id, parts_.partitions)};
  TILTS_ASSIGN(const auto read, parts_.store.ReadPupil(at, pupil_id));
  Seen seen;
  TILTS_ASSIGN(seen.control, ControlOf(read.control));
  auto decision = auth::AccessDecision::Deny("UNKNOWN");
  // Only an id that is known is written down: anything may stand in a request.
  std::string object = "pupil/unknown";
  if (!read.pupil.empty()) {
    TILTS_ASSIGN(PupilAt pupil, UnpackPupil(read.pupil));
    seen.state = std::move(pupil.state);
    object = "pupil/" + pupil_id;
    const std::string school = SchoolOf(seen.state, seen.control);
    const bool own = !school.empty() && school == call.principal.institution_id;
    decision = own ? auth::AccessDecision::Allow("ENROLLED") : auth::AccessDecision::Deny("NOT_ENROLLED_HERE");
  }
  TILTS_CHECK(Record(call, {kChain, auth::Touch::kRead, {object}, decision, decision.allowed ? view : ""}));
  TILTS_CHECK(auth::HideWhenDenied(decision, "pupil"));
  return seen;
}

Result<risk::v1::GetScoreResponse> RiskDesk::GetScore(const rpc::CallContext& call,
                                                      const risk::v1::GetScoreRequest& request) const {
  TILTS_ASSIGN(const Seen seen, See(call, request.pupil_id(), "SCORE"));
  risk::v1::GetScoreResponse answer;
  *answer.mutable_score() = ScoreNow(request.pupil_id(), seen.state, seen.control, Facts::kLeftOut);
  return answer;
}

Result<risk::v1::ExplainScoreResponse> RiskDesk::ExplainScore(const rpc::CallContext& call,
                                                              const risk::v1::ExplainScoreRequest& request) const {
  TILTS_ASSIGN(const Seen seen, See(call, request.pupil_id(), "SCORE_FACTS"));
  risk::v1::ExplainScoreResponse answer;
  *answer.mutable_score() = ScoreNow(request.pupil_id(), seen.state, seen.control, Facts::kShown);
  return answer;
}

Result<risk::v1::WhatIfResponse> RiskDesk::WhatIf(const rpc::CallContext& call,
                                                  const risk::v1::WhatIfRequest& request) const {
  TILTS_ASSIGN(const auto facts, HypotheticalFacts(request.facts(), call.principal.institution_id));
  TILTS_ASSIGN(const Seen seen, See(call, request.pupil_id(), "SCORE_FACTS"));
  return ScoreIf(request.pupil_id(), seen.state, seen.control, facts);
}

Result<risk::v1::ListProposalsResponse> RiskDesk::ListProposals(const rpc::CallContext& call,
                                                                const risk::v1::ListProposalsRequest& request) const {
  const std::uint32_t places = request.places() == 0 ? kDefaultPlaces : request.places();
  if (places > kMostPlaces) return Wrong("places", "OUT_OF_RANGE", "ask for 1 to 500 places");
  if (request.tier() == 1 || request.tier() > 3) return Wrong("tier", "OUT_OF_RANGE", "2 or 3, or 0 for both");
  const std::vector<events::TopicPartition> all = AllPartitions();
  TILTS_ASSIGN(const std::vector<Snapshot> partitions, parts_.store.ReadProposals(all));
  std::vector<risk::v1::Score> proposals;
  risk::v1::ListProposalsResponse answer;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const auto& [pupil_id, bytes] : partitions[i].proposals) {
      TILTS_CHECK(wire::Parse(bytes, proposals.emplace_back()));
    }
    auto& mark = *answer.add_watermarks();
    mark.set_partition(all[i].partition);
    mark.set_next_offset(partitions[i].position ? partitions[i].position->next_offset : 0);
  }
  Ranked ranked = Rank(std::move(proposals), call.principal.institution_id, request.tier(), places);
  std::vector<std::string> objects;
  for (risk::v1::Score& score : ranked.listed) {
    objects.push_back("pupil/" + score.pupil_id());
    *answer.add_proposals() = std::move(score);
  }
  answer.set_not_listed(static_cast<std::uint32_t>(ranked.not_listed));
  TILTS_CHECK(
      Record(call, {kChain, auth::Touch::kRead, std::move(objects), auth::AccessDecision::Allow("ENROLLED"), "SCORE"}));
  return answer;
}

Result<risk::v1::GetCardResponse> RiskDesk::GetCard() const {
  TILTS_ASSIGN(const auto read, parts_.store.ReadPupil({parts_.topic, 0}, ""));
  TILTS_ASSIGN(const Control control, ControlOf(read.control));
  risk::v1::GetCardResponse answer;
  *answer.mutable_card() = control.card->contract;
  answer.set_card_hash(control.card->hash);
  return answer;
}

Result<risk::v1::ActivateCardResponse> RiskDesk::ActivateCard(const rpc::CallContext& call,
                                                              const risk::v1::ActivateCardRequest& request) const {
  if (request.request_id().empty())
    return Wrong("request_id", "REQUIRED", "name the request, so that it can be repeated");
  if (call.principal.kind != auth::Principal::Kind::kOperator) {
    return Fail(Errc::kDenied, "only the institution that runs Tilts puts a card into force", "OPERATOR_ONLY");
  }
  TILTS_ASSIGN(const CardInForce card, parts_.cards.Find(request.card_id(), request.version()));
  risk::v1::CardActivated event;
  event.set_control("card");
  *event.mutable_card() = card->contract;
  event.set_card_hash(card->hash);
  events::Meta meta;
  // The same request is the same record: a partition that has it does not take it again.
  meta.id = events::DerivedId(request.request_id(), "card-activated/" + card->hash, 0);
  meta.source = std::string("/") + kService;
  meta.subject = "card";
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = call.now;
  meta.recorded_at = call.now;
  meta.causation_id = call.call_id;
  meta.traceparent = call.traceparent;
  TILTS_ASSIGN(std::vector<events::Draft> drafts, events::MakeBroadcast(event, meta, parts_.topic));
  const auth::AuditFacts note{"risk-scoring.operations",
                              auth::Touch::kWrite,
                              {"card/" + card->hash},
                              auth::AccessDecision::Allow("OPERATOR"),
                              ""};
  TILTS_CHECK(Record(call, note));
  TILTS_CHECK(parts_.publisher.Publish(drafts));
  risk::v1::ActivateCardResponse answer;
  answer.set_card_hash(card->hash);
  return answer;
}

}  // namespace tilts::risk_scoring
