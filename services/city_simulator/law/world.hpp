#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/law/directory.hpp"
#include "city_simulator/law/level_book.hpp"
#include "city_simulator/law/referral_model.hpp"

namespace tilts::city_simulator {

// Stands for the report a confirmed tier 3 files: nobody planned it, the school hears what becomes of it.
inline constexpr unsigned kFiledByDecision = 100'000;

// A case as the simulator reckons it.
struct CaseModel {
  std::string key;  // "<child>/<stream>.<episode>"
  std::string child;
  std::string municipality;  // in whose figures it counts; taken when it is opened
  Picture picture;
  Instant opened;
  bool is_notice = false;  // of the law, under which no file is opened
  bool closed = false;
  codes::v1::CaseOutcome outcome = codes::v1::CASE_OUTCOME_UNSPECIFIED;
  std::vector<unsigned> reports;       // numbers of the planned reports, and what decisions filed
  std::vector<std::string> reporters;  // in the same order
  std::vector<std::size_t> referrals;

  // The first report somebody planned; nothing under a notice of the law or a decision alone.
  std::optional<unsigned> first_planned() const {
    for (const unsigned number : reports) {
      if (number != kFiledByDecision) return number;
    }
    return std::nullopt;
  }
};

// What an institution has to hear.
struct ExpectedNotice {
  std::string institution;
  std::string text;     // type, referral, sequence, rung
  bool pushed = false;  // by its door too; otherwise in its feed only
  unsigned channel = 1;
  bool imminent = false;
  Instant at;
};

// The published data the world runs by.
struct Books {
  LevelBook levels;
  RuleBook rules;
  DeadlineBook deadlines;
};

// The simulator's own computation of what Tilts must do with what the city did to it. It is told every report and every
// move, in the order of the city's time, and asked what is due.
class World {
 public:
  using Tell = std::function<void(const ExpectedNotice&)>;

  World(const Books& books, const Directory& directory, Tell tell);

  // How urgent a report is by itself, whatever case it may join.
  codes::v1::Urgency UrgencyOf(Picture picture) const;
  // Index of the case the report opens or joins.
  std::size_t Report(unsigned number, const std::string& child, const std::string& reporter, Picture picture,
                     Instant at);
  // The absence line was crossed: the city's department and the school are told. Index of the notice among the cases.
  std::size_t Notify(const std::string& key, const std::string& learner, const std::string& school, Instant at);
  // The line is no longer crossed: what was not read is cancelled, who read it is told.
  void RetractNotice(std::size_t notice, Instant at);
  // A person confirmed that a pupil needs individual help: index of the case that opens or is joined.
  std::size_t ConfirmTier(const std::string& child, const std::string& school, Picture picture, Instant at);
  // False: the move must be refused.
  bool Move(std::size_t referral, const MoveModel& move, Instant at);
  // False: the case cannot be closed yet.
  bool Close(std::size_t case_index, codes::v1::CaseOutcome outcome, Instant at);
  // Fires every rung due by `at`.
  void Pass(Instant at);
  std::optional<Instant> NextDue() const;

  const std::vector<CaseModel>& cases() const { return cases_; }
  const std::vector<ReferralModel>& referrals() const { return referrals_; }
  const std::set<std::string>& rules_matched() const { return rules_matched_; }
  // "<rung> of <referral> #<sequence> at <time>", in the order of time.
  const std::vector<std::string>& escalations() const { return escalations_; }
  unsigned reroutes() const { return reroutes_; }

  // Names of things in ledger entries.
  static std::string EscalationEntry(const std::string& rung, const std::string& referral, std::uint64_t sequence,
                                     Instant at);
  std::string CaseEntry(const CaseModel& file) const;
  std::string ReferralEntry(const ReferralModel& referral) const;

 private:
  std::size_t OpenOrJoin(const std::string& child, Picture picture, Instant at);
  void SendNotice(std::size_t index, const std::string& purpose, const std::string& territory,
                  const std::string& requester, const std::string& recipient, Instant at);
  Occasion OccasionOf(const CaseModel& file, Instant at) const;
  void Route(std::size_t case_index, Instant at);
  void HandOver(const CaseModel& file, const Picture& now, Instant at);
  void Withdraw(std::size_t case_index, const RuleBook::Judgement& judgement, Instant at);
  void Reroute(std::size_t ended, Instant at);
  std::string Choose(const CaseModel& file, const Ask& ask, const std::string& territory, bool staff_barred,
                     Instant at) const;
  std::size_t Send(std::size_t case_index, const Ask& ask, const std::string& territory, const std::string& recipient,
                   Instant at);
  void SendTask(std::size_t case_index, const Ask& unserved, const std::string& territory, Instant at);
  void Fire(std::size_t referral, const NextRung& rung, Instant at);
  std::string FirstOf(codes::v1::InstitutionKind kind, const std::string& municipality, Instant at) const;
  std::set<std::string> Audience(const ReferralModel& referral, const Rung& rung, bool any_hour, Instant at) const;
  // Both parties hear of a change; whoever made it hears only in its feed.
  void TellParties(const ReferralModel& referral, const std::string& type, const std::string& actor, Instant at);
  void TellOne(const std::string& institution, const std::string& text, bool pushed, unsigned channel, bool imminent,
               Instant at);

  const Books& books_;
  const Directory& directory_;
  const Tell tell_;
  std::map<std::string, unsigned> filed_told_;  // outcomes of decisions' reports, by institution
  std::vector<CaseModel> cases_;
  std::vector<ReferralModel> referrals_;
  std::map<std::string, std::size_t> open_cases_;  // child and stream
  std::map<std::string, unsigned> episodes_;
  std::set<std::string> rules_matched_;
  std::vector<std::string> escalations_;
  unsigned reroutes_ = 0;
};

}  // namespace tilts::city_simulator
