#pragma once

#include <tilts/intake/v1/tier_service.pb.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "city_simulator/learners/fact_plan.hpp"
#include "city_simulator/play/director.hpp"
#include "city_simulator/play/fact_pusher.hpp"
#include "city_simulator/truth/learner_book.hpp"
#include "city_simulator/truth/tier_book.hpp"

namespace tilts::city_simulator {

// The schools' part of a city: they tell what happens to their learners day by day, read what is proposed and decide.
// What must come of it is reckoned by the learner book at the close of each school day.
class SchoolLife {
 public:
  SchoolLife(Stage& stage, FactPlan plan, LearnerBook book);

  // Puts the beginning, the posts of each day and the mornings on which people decide.
  void Plan(Agenda& agenda);
  // Closes the school days that are over; like World::Pass it is called before the city comes to rest.
  void Pass(Instant at);
  std::optional<Instant> NextDue() const;
  // A notice that arrived: those of the absence line are counted.
  void SeeLetter(const Letter& letter);
  // What its recipient reads in a notice of the absence line: who it is and what was counted.
  void CheckNotice(const referrals::v1::Referral& seen, std::size_t referral) const;

  LearnerBook& book() { return book_; }
  const LearnerBook& book() const { return book_; }
  const TierBook& tiers() const { return tiers_; }
  const FactPlan& plan() const { return plan_; }
  // For people who watch.
  std::string Figures() const;
  // Tilts' random id of a learner; empty: nobody asked yet.
  std::string PupilId(unsigned learner) const;
  std::optional<unsigned> LearnerOf(const std::string& pupil_id) const;
  // Complains when two scores of one material picture have two digests, or two pictures one.
  void CompareDigest(const std::string& material, const std::string& digest);
  std::string school_year() const { return book_.last_closed().school_year; }

 private:
  void Begin(Instant at);
  void PushRoster(const SchoolPost& post, Instant at);
  void Post(std::size_t index);
  void Record(const std::vector<Pushed>& pushed);
  void LookUp();
  void Close(Day day, Instant at);
  void ChangeLimit(unsigned learner, const LimitChange& change, Instant at);
  void ExpectNotices(std::size_t notice, const std::vector<codes::v1::ReferralState>& before);

  void DecideAll(Instant at);
  void DecideAt(const std::string& school, const std::vector<unsigned>& waiting, Instant at);
  void Decide(unsigned learner, const std::string& digest, Instant at);
  // By somebody whose page is from before: it must be refused.
  void DecideOnOldPage(unsigned learner, const std::string& digest, Instant at);
  void Nominate(std::size_t index, Instant at);
  intake::v1::DecideTierRequest DecisionOf(unsigned learner, codes::v1::TierDecision decision, unsigned tier,
                                           const std::string& digest);
  void SendDecision(unsigned learner, const std::string& school, codes::v1::TierDecision decision, unsigned tier,
                    const std::string& digest, Instant at);

  const Caller& CallerOf(const std::string& school) const { return stage_.parties.callers.at(school); }
  std::string RequestId(const char* what);

  Stage& stage_;
  FactPlan plan_;
  LearnerBook book_;
  TierBook tiers_;
  FactPusher pusher_;
  std::map<unsigned, std::string> ids_;
  std::map<std::string, unsigned> learners_by_id_;
  std::map<std::string, std::map<std::string, unsigned>> numbers_;   // school -> pupil number -> learner, not looked up
  std::map<std::string, std::size_t> notices_;                       // "<learner>/<semester>" -> the notice in force
  std::map<std::size_t, std::pair<unsigned, LimitChange>> crossed_;  // notice -> learner and what was counted
  std::map<unsigned, std::string> pages_;                            // digest of what was last read about a learner
  std::map<std::string, std::string> digests_;                       // of material pictures
  std::uint64_t requests_ = 0;
  std::uint64_t pushed_ = 0;
};

}  // namespace tilts::city_simulator
