// How the schools' people decide on what is proposed to them.
#include <tilts/intake/v1/tier_service.pb.h>

#include <set>
#include <utility>

#include "city_simulator/city/dice.hpp"
#include "city_simulator/play/school_life.hpp"
#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: decisions in the contracts' words

constexpr const char* kTiers = "tilts.intake.v1.TierService/";

TierDecisionReason ReasonOf(TierDecision decision) {
  switch (decision) {
    case TIER_DECISION_CONFIRM: return TIER_DECISION_REASON_EVIDENCE_HOLDS;
    case TIER_DECISION_LOWER: return TIER_DECISION_REASON_ALREADY_SUPPORTED;
    case TIER_DECISION_NOMINATE: return TIER_DECISION_REASON_NOT_SEEN_BY_RECORDS;
    default: return TIER_DECISION_REASON_TEMPORARY;
  }
}

// The file a confirmed tier 3 opens says in concerns what the score says in factors.
Picture PictureOf(const Score& score, const std::string& school, const risk::v1::Card& card) {
  Picture picture;
  picture.stream = STREAM_PMP;
  picture.school = school;
  std::map<std::string, ConcernCode> concerns = {{"attendance", CONCERN_CODE_UNEXCUSED_ABSENCE},
                                                 {"marks", CONCERN_CODE_FAILING},
                                                 {"repetition", CONCERN_CODE_REPETITION},
                                                 {"behaviour", CONCERN_CODE_BEHAVIOUR},
                                                 {"mobility", CONCERN_CODE_ADAPTATION}};
  for (const Share& share : score.shares) {
    for (const auto& factor : card.factors()) {
      if (factor.factor_id() == share.factor) picture.concerns.insert(concerns[factor.domain()]);
    }
  }
  return picture;
}

}  // namespace

void SchoolLife::DecideAll(Instant at) {
  for (const auto& [school, waiting] : tiers_.WaitingBySchool()) DecideAt(school, waiting, at);
}

void SchoolLife::DecideAt(const std::string& school, const std::vector<unsigned>& waiting, Instant at) {
  std::map<unsigned, std::string> digests;
  intake::v1::ListTiersRequest request;
  request.set_only_undecided(true);
  request.set_page_size(200);
  do {
    intake::v1::ListTiersResponse response;
    const Called called = stage_.api.Call(CallerOf(school), std::string(kTiers) + "ListTiers", request, &response);
    if (!called.ok()) return stage_.ledger.Complain(school + " could not list what is proposed: " + called.problem);
    for (const auto& tier : response.tiers()) {
      if (const auto learner = LearnerOf(tier.pupil_id())) digests[*learner] = tier.material_digest();
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  for (const unsigned learner : waiting) {
    const auto shown = digests.find(learner);
    if (shown == digests.end()) {
      stage_.ledger.Complain("nothing is proposed for " + plan_.learners()[learner].name() + " at " + school);
      continue;
    }
    CompareDigest(tiers_.tiers().at(learner).material, shown->second);
    const std::string page = std::exchange(pages_[learner], shown->second);
    const bool old = !page.empty() && page != shown->second;
    if (old && Dice(stage_.options.seed, "page " + page, learner).Chance(60)) DecideOnOldPage(learner, page, at);
    Decide(learner, shown->second, at);
    digests.erase(shown);
  }
  for (const auto& [learner, digest] : digests)
    stage_.ledger.Complain("nobody had to propose " + plan_.learners()[learner].name() + " at " + school);
}

void SchoolLife::Decide(unsigned learner, const std::string& digest, Instant at) {
  const TierModel tier = tiers_.tiers().at(learner);
  const auto thrown = Dice(stage_.options.seed, "decide " + tier.material, learner).Below(100);
  if (thrown < 62) return SendDecision(learner, tier.school, TIER_DECISION_CONFIRM, tier.proposed, digest, at);
  if (thrown < 76) return SendDecision(learner, tier.school, TIER_DECISION_LOWER, tier.proposed - 1, digest, at);
  if (thrown < 90) return SendDecision(learner, tier.school, TIER_DECISION_DECLINE, 0, digest, at);
  // The rest thinks it over until the picture changes.
}

void SchoolLife::DecideOnOldPage(unsigned learner, const std::string& digest, Instant at) {
  const TierModel tier = tiers_.tiers().at(learner);
  const std::string what = plan_.learners()[learner].name() + " as of " + WriteDay(DayOf(tier.as_of_day));
  stage_.ledger.Expect(Kind::kStale, what, at);
  const auto request = DecisionOf(learner, TIER_DECISION_CONFIRM, 0, digest);
  intake::v1::DecideTierResponse response;
  const Called called = stage_.api.Call(CallerOf(tier.school), std::string(kTiers) + "DecideTier", request, &response);
  if (called.problem == "TIER_STALE") return stage_.ledger.See(Kind::kStale, what, at);
  stage_.ledger.Complain("a decision about " + what + " on an old page was answered " + std::to_string(called.status) +
                         " " + called.problem);
}

// A teacher sees what the records do not.
void SchoolLife::Nominate(std::size_t index, Instant at) {
  const auto learner =
      static_cast<unsigned>(Dice(stage_.options.seed, "nominate", index).Below(plan_.options().learners));
  const auto evenings = book_.evenings().find(learner);
  if (evenings == book_.evenings().end() || evenings->second.score().school.empty()) return;
  const auto tier = tiers_.tiers().find(learner);
  if (tier != tiers_.tiers().end() && tier->second.proposed >= 2) return;
  SendDecision(learner, evenings->second.score().school, TIER_DECISION_NOMINATE, 2, {}, at);
}

intake::v1::DecideTierRequest SchoolLife::DecisionOf(unsigned learner, TierDecision decision, unsigned tier,
                                                     const std::string& digest) {
  intake::v1::DecideTierRequest request;
  request.set_request_id(RequestId("decide"));
  request.set_pupil_id(PupilId(learner));
  request.set_decision(decision);
  if (decision == TIER_DECISION_LOWER || decision == TIER_DECISION_NOMINATE) request.set_tier(tier);
  request.set_reason(ReasonOf(decision));
  request.set_material_digest(digest);
  request.set_role("social-pedagogue");
  request.set_note(stage_.canary.Text("Talked with the class teacher:", learner));
  return request;
}

void SchoolLife::SendDecision(unsigned learner, const std::string& school, TierDecision decision, unsigned tier,
                              const std::string& digest, Instant at) {
  const auto request = DecisionOf(learner, decision, tier, digest);
  intake::v1::DecideTierResponse response;
  const Called called = stage_.api.Call(CallerOf(school), std::string(kTiers) + "DecideTier", request, &response);
  const std::string what = TierDecision_Name(decision) + " for " + plan_.learners()[learner].name() + " at " + school;
  if (!called.ok())
    return stage_.ledger.Complain(what + " was answered " + std::to_string(called.status) + " " + called.problem);
  tiers_.Decide(learner, school, decision, tier);
  const TierModel& model = tiers_.tiers().at(learner);
  if (decision != TIER_DECISION_CONFIRM || model.decided != 3) {
    if (!response.tier().case_id().empty()) stage_.ledger.Complain(what + " opened a file");
    return;
  }
  if (response.tier().case_id().empty()) return stage_.ledger.Complain(what + " opened no file");
  const auto& score = book_.evenings().at(learner).score();
  const std::size_t index =
      stage_.world.ConfirmTier(plan_.learners()[learner].name(), school, PictureOf(score, school, book_.card()), at);
  stage_.witness.KnowCaseId(response.tier().case_id(), index);
}

}  // namespace tilts::city_simulator
