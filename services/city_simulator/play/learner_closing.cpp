#include "city_simulator/play/learner_closing.hpp"

#include <tilts/events/v1/envelope.pb.h>
#include <tilts/indicators/v1/indicator_service.pb.h>
#include <tilts/intake/v1/tier_service.pb.h>
#include <tilts/risk/v1/events.pb.h>
#include <tilts/risk/v1/risk_service.pb.h>

#include <set>

#include "city_simulator/play/indicator_closing.hpp"
#include "city_simulator/scan/kafka_reader.hpp"
#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes

constexpr unsigned kSample = 200;  // learners without a proposal

class LearnerReader {
 public:
  LearnerReader(Stage& stage, SchoolLife& schools) : stage_(stage), schools_(schools) {}

  void Scores() {
    unsigned sampled = 0;
    for (const auto& [learner, evenings] : schools_.book().evenings()) {
      if (evenings.score().school.empty()) continue;
      const bool proposed = schools_.tiers().tiers().contains(learner);
      if (!proposed && ++sampled > kSample) continue;
      CompareScore(learner, evenings);
    }
  }

  void Tiers() {
    for (const auto& [learner, tier] : schools_.tiers().tiers()) {
      stage_.ledger.Expect(Kind::kProposal, NameOf(learner) + " " + Describe(tier), Instant{});
    }
    for (unsigned school = 1; school <= stage_.options.schools; ++school) {
      intake::v1::ListTiersRequest request;
      request.set_page_size(200);
      do {
        intake::v1::ListTiersResponse response;
        if (!Ask(SchoolId(school), "tilts.intake.v1.TierService/ListTiers", request, response)) break;
        for (const auto& tier : response.tiers()) SeeTier(SchoolId(school), tier);
        request.set_page_token(response.next_page_token());
      } while (!request.page_token().empty());
    }
  }

  void Facts() {
    const SentRecords& sent = schools_.book().sent();
    std::uint64_t seen = 0;
    for (const auto& [school, day] : sent.SchoolDays()) {
      indicators::v1::ReconcileDayRequest request;
      request.set_day(WriteDay(DayOf(day)));
      indicators::v1::ReconcileDayResponse response;
      if (!Ask(school, "tilts.indicators.v1.IndicatorService/ReconcileDay", request, response)) continue;
      seen += CompareDay(school + " on " + request.day(), sent.FiguresOf(school, day), response);
    }
    stage_.ledger.SetFacts(sent.size(), seen);
    if (schools_.book().held() > 0)
      stage_.ledger.Complain(std::to_string(schools_.book().held()) + " facts wait for a pupil nobody enrolled");
  }

 private:
  std::string NameOf(unsigned learner) const { return schools_.plan().learners()[learner].name(); }

  template <typename Response>
  bool Ask(const std::string& institution, const char* method, const google::protobuf::Message& request,
           Response& response) {
    const Called called = stage_.api.Call(stage_.parties.callers.at(institution), method, request, &response);
    if (!called.ok())
      stage_.ledger.Complain(std::string(method) + " answered " + institution + " " + std::to_string(called.status) +
                             " " + called.problem);
    return called.ok();
  }

  void CompareScore(unsigned learner, const Evenings& evenings) {
    const Score& expected = evenings.score();
    risk::v1::ExplainScoreRequest request;
    request.set_pupil_id(schools_.PupilId(learner));
    risk::v1::ExplainScoreResponse explained;
    risk::v1::GetScoreRequest plain;
    plain.set_pupil_id(request.pupil_id());
    risk::v1::GetScoreResponse got;
    // Every second one only its score, the others with the facts behind it.
    const bool explain = learner % 2 == 0;
    const bool answered = explain ? Ask(expected.school, "tilts.risk.v1.RiskService/ExplainScore", request, explained)
                                  : Ask(expected.school, "tilts.risk.v1.RiskService/GetScore", plain, got);
    if (!answered) return;
    const risk::v1::Score& seen = explain ? explained.score() : got.score();
    const Score shown = Shown(seen, expected);
    if (!(shown == expected))
      stage_.ledger.Complain("the score of " + NameOf(learner) + " is " + Describe(shown) + ", not " +
                             Describe(expected));
    const ClosedDay& last = schools_.book().last_closed();
    if (seen.as_of_day() != WriteDay(DayOf(last.day)))
      stage_.ledger.Complain("the score of " + NameOf(learner) + " is as of " + seen.as_of_day());
    if (seen.limit_crossed() != evenings.limit_crossed(last.school_year, last.semester))
      stage_.ledger.Complain("the score of " + NameOf(learner) + " is wrong about the line");
    if (expected.tier > 0) schools_.CompareDigest(expected.material, seen.material_digest());
    if (explain) CheckEvidence(learner, seen);
  }

  // What the API shows, in the form of the own reckoning.
  static Score Shown(const risk::v1::Score& seen, const Score& expected) {
    Score score;
    score.abstention = seen.abstention();
    score.tier = seen.proposed_tier();
    score.points = seen.points();
    score.school = seen.institution_id();
    score.unexcused_lessons = static_cast<int>(seen.unexcused_lessons());
    score.material = expected.material;
    for (const auto& contribution : seen.contributions()) {
      if (contribution.points() > 0)
        score.shares.push_back(
            {contribution.factor_id(), contribution.value(), contribution.points(), contribution.bin_at_least()});
    }
    // Without a score there is nothing to add up.
    if (expected.abstention != risk::v1::ABSTENTION_REASON_UNSPECIFIED) {
      score.points = expected.points;
      score.shares = expected.shares;
    }
    return score;
  }

  void CheckEvidence(unsigned learner, const risk::v1::Score& seen) {
    for (const auto& contribution : seen.contributions()) {
      if (contribution.points() == 0 || contribution.factor_id() == "silence") continue;
      if (contribution.facts().empty() || contribution.fact_count() == 0)
        stage_.ledger.Complain(contribution.factor_id() + " of " + NameOf(learner) + " shows no fact behind it");
    }
  }

  void SeeTier(const std::string& school, const intake::v1::Tier& tier) {
    const auto learner = schools_.LearnerOf(tier.pupil_id());
    // A pupil of an earlier city is left aside.
    if (!learner) return;
    TierModel seen;
    seen.school = school;
    seen.proposed = tier.proposed_tier();
    seen.points = tier.points();
    const auto day = ReadDay(tier.as_of_day());
    seen.as_of_day = day ? NumberOf(*day) : 0;
    seen.decision = tier.decision();
    seen.decided = tier.decided_tier();
    seen.reopened = tier.reopened();
    stage_.ledger.See(Kind::kProposal, NameOf(*learner) + " " + Describe(seen), stage_.clock.now());
  }

  std::uint64_t CompareDay(const std::string& where, const std::map<std::string, SentRecords::Figure>& expected,
                           const indicators::v1::ReconcileDayResponse& response) {
    std::uint64_t records = 0;
    std::set<std::string> named;
    for (const auto& kind : response.kinds()) {
      if (kind.records() == 0) continue;
      records += kind.records();
      named.insert(kind.kind());
      const auto own = expected.find(kind.kind());
      if (own == expected.end()) {
        stage_.ledger.Complain(where + ": nobody sent " + kind.kind());
      } else if (own->second.records != kind.records() || own->second.withdrawn != kind.withdrawn()) {
        stage_.ledger.Complain(where + ": " + std::to_string(kind.records()) + " records of " + kind.kind() + ", " +
                               std::to_string(kind.withdrawn()) + " withdrawn; sent were " +
                               std::to_string(own->second.records) + ", " + std::to_string(own->second.withdrawn));
      } else if (!own->second.digest.empty() && own->second.digest != kind.digest()) {
        stage_.ledger.Complain(where + ": the digest of " + kind.kind() + " differs");
      }
    }
    for (const auto& [kind, figure] : expected) {
      if (!named.contains(kind)) stage_.ledger.Complain(where + ": " + kind + " is not shown");
    }
    return records;
  }

  Stage& stage_;
  SchoolLife& schools_;
};

}  // namespace

void ReadConflicts(Stage& stage, const SchoolLife& schools, const std::string& brokers) {
  const auto entry_of = [](const std::string& record, unsigned revision) {
    return "record " + record + " of revision " + std::to_string(revision);
  };
  for (const auto& [record, revision] : schools.book().conflicts())
    stage.ledger.Expect(Kind::kConflict, entry_of(record, revision), Instant{});
  std::map<std::string, std::string> said;
  const auto reading = ReadAllRecords(brokers, "tilts.risk.v1", [&](std::string_view where, std::string_view bytes) {
    events::v1::Envelope envelope;
    risk::v1::FactConflict conflict;
    const bool is_value = where.find(' ') == std::string_view::npos;
    if (!is_value || !envelope.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
        envelope.type() != "tilts.risk.v1.FactConflict" || !conflict.ParseFromString(envelope.data()) ||
        !schools.LearnerOf(conflict.pupil_id()))
      return;
    const std::string entry = entry_of(HexOf(conflict.record_id()), conflict.revision());
    // A repeat has the same id and is the same conflict.
    const auto [known, is_new] = said.emplace(entry, envelope.id());
    if (!is_new && known->second != envelope.id()) stage.ledger.SeeAgain(Kind::kConflict, entry);
    stage.ledger.See(Kind::kConflict, entry, stage.clock.now());
  });
  if (!reading.failure.empty()) stage.ledger.Complain("the conflicts could not be read: " + reading.failure);
}

void ReadLearners(Stage& stage, SchoolLife& schools, const ShownStatistics& before) {
  if (!schools.book().closed_any()) return stage.ledger.Complain("no school day was closed");
  LearnerReader reader(stage, schools);
  reader.Scores();
  reader.Tiers();
  reader.Facts();
  CompareIndicators(stage, schools, before);
}

}  // namespace tilts::city_simulator
