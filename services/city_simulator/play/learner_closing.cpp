#include "city_simulator/play/learner_closing.hpp"

#include <tilts/indicators/v1/indicator_service.pb.h>
#include <tilts/intake/v1/tier_service.pb.h>
#include <tilts/risk/v1/risk_service.pb.h>

#include <algorithm>

#include "city_simulator/time/school_year.hpp"

namespace tilts::city_simulator {
namespace {

using namespace tilts::codes::v1;  // NOLINT: codes

constexpr const char* kDepartment = "riga-iksd";
constexpr const char* kCity = "LV-RIX";
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

  void Indicators(const ShownStatistics& before) {
    const std::string year = schools_.school_year();
    Statistics expected;
    CountLearners(schools_.book(), year, expected);
    CountReferrals(stage_.world, stage_.directory, year, kCity, expected);
    unsigned decisions = 0;
    for (const auto& [decision, count] : schools_.tiers().decisions()) {
      expected[{"tier-decisions", CategoryOf(TierDecision_Name(decision), "TIER_DECISION_")}].numerator = count;
      decisions += count;
    }
    if (decisions > 0) expected[{"tier-decisions", ""}].numerator = decisions;
    ShownStatistics shown;
    const std::string failure = ReadStatistics(stage_.api, stage_.parties.callers.at(kDepartment), year, shown);
    if (!failure.empty()) return stage_.ledger.Complain(failure);
    for (const auto& [cell, value] : before.values) {
      expected[cell].numerator += value.numerator;
      expected[cell].denominator += value.denominator;
    }
    Compare(expected, shown, before);
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

  void Compare(const Statistics& expected, const ShownStatistics& shown, const ShownStatistics& before) {
    std::uint64_t compared = 0, equal = 0, nonzero = 0;
    std::set<std::pair<std::string, std::string>> cells;
    for (const auto& [cell, value] : expected) cells.insert(cell);
    for (const auto& [cell, value] : shown.values) cells.insert(cell);
    for (const auto& cell : cells) {
      // What was left out before cannot be added to.
      if (shown.suppressed.contains(cell) || before.suppressed.contains(cell)) continue;
      const auto own = expected.find(cell), seen = shown.values.find(cell);
      const Fraction mine = own == expected.end() ? Fraction{} : own->second;
      const Fraction theirs = seen == shown.values.end() ? Fraction{} : seen->second;
      ++compared;
      if (mine == theirs) {
        ++equal;
        if (mine.numerator > 0) ++nonzero;
        continue;
      }
      const auto text = [](const Fraction& value) {
        return std::to_string(value.numerator) + "/" + std::to_string(value.denominator);
      };
      stage_.ledger.Complain("indicator " + cell.first + " " + cell.second + " is " + text(theirs) + ", not " +
                             text(mine));
    }
    // What was left out before the run may still be small for reasons nobody here knows.
    if (before.suppressed.empty()) CheckSuppression(expected, shown);
    stage_.ledger.SetIndicators(compared, equal, nonzero);
  }

  // Nothing is left out where no cell of the indicator is small.
  void CheckSuppression(const Statistics& expected, const ShownStatistics& shown) {
    for (const auto& cell : shown.suppressed) {
      const bool some_small = std::any_of(expected.begin(), expected.end(), [&](const auto& each) {
        const auto is_small = [](std::uint64_t count) { return count > 0 && count < 5; };
        const Fraction& value = each.second;
        return each.first.first == cell.first &&
               (is_small(value.numerator) || (value.denominator > 0 && is_small(value.denominator - value.numerator)));
      });
      if (!some_small)
        stage_.ledger.Complain("indicator " + cell.first + " " + cell.second + " is left out for nothing");
    }
  }

  Stage& stage_;
  SchoolLife& schools_;
};

}  // namespace

std::string ReadStatistics(Api& api, const Caller& department, const std::string& school_year, ShownStatistics& shown) {
  indicators::v1::ListIndicatorsResponse list;
  const char* service = "tilts.indicators.v1.IndicatorService/";
  const Called listed =
      api.Call(department, std::string(service) + "ListIndicators", indicators::v1::ListIndicatorsRequest{}, &list);
  if (!listed.ok()) return "the indicators are not listed: " + listed.problem;
  for (const auto& definition : list.definitions()) {
    indicators::v1::GetIndicatorRequest request;
    request.set_indicator_id(definition.indicator_id());
    request.set_school_year(school_year);
    indicators::v1::GetIndicatorResponse response;
    const Called called = api.Call(department, std::string(service) + "GetIndicator", request, &response);
    if (!called.ok()) return "the indicator " + definition.indicator_id() + " is not shown: " + called.problem;
    for (const auto& value : response.values()) {
      if (value.municipality() != kCity || !value.institution_id().empty() || !value.computed()) continue;
      const std::pair<std::string, std::string> cell{definition.indicator_id(), value.category()};
      if (value.suppressed()) {
        shown.suppressed.insert(cell);
      } else {
        shown.values[cell] = {value.numerator(), value.denominator()};
      }
    }
  }
  return {};
}

void ReadLearners(Stage& stage, SchoolLife& schools, const ShownStatistics& before) {
  if (!schools.book().closed_any()) return stage.ledger.Complain("no school day was closed");
  LearnerReader reader(stage, schools);
  reader.Scores();
  reader.Tiers();
  reader.Facts();
  reader.Indicators(before);
}

}  // namespace tilts::city_simulator
