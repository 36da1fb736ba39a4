#pragma once

#include <tilts/intake/v1/intake_service.pb.h>
#include <tilts/referrals/v1/referral_service.pb.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "city_simulator/law/world.hpp"
#include "city_simulator/ledger/ledger.hpp"
#include "city_simulator/play/inbox.hpp"

namespace tilts::city_simulator {

// Knows which of Tilts' random ids is which of the simulator's own things, and writes what is seen into the ledger in
// the simulator's names.
class Witness {
 public:
  Witness(const World& world, Ledger& ledger) : world_(world), ledger_(ledger) {}

  void KnowReport(const std::string& id, unsigned number) { reports_[id] = number; }
  // By the reports it shows; false when none of them is known.
  bool KnowCase(const intake::v1::Case& file);
  // A notice of the law or a file of a decision, by the id it has to have or was answered with.
  void KnowCaseId(const std::string& id, std::size_t index) { cases_[id] = index; }
  // By case, purpose and recipient: the latest of the world's referrals that nobody knows yet.
  bool KnowReferral(const referrals::v1::ReferralFacts& facts);

  // Referrals that were open before the city began, left by one that was not played to its end.
  void Ignore(const std::string& referral_id) { ignored_.insert(referral_id); }
  bool ignores(const std::string& referral_id) const { return ignored_.contains(referral_id); }

  bool knows_case(const std::string& id) const { return cases_.contains(id); }
  bool knows_referral(const std::string& id) const { return referrals_.contains(id); }
  std::size_t CaseOf(const std::string& id) const { return cases_.at(id); }
  std::size_t ReferralOf(const std::string& id) const { return referrals_.at(id); }
  // Empty when it was never seen.
  std::string IdOfReferral(std::size_t index) const;
  std::string IdOfCase(std::size_t index) const;
  std::string IdOfReport(unsigned number) const;

  // The notice in the simulator's names; its ids are known, or the text says that they are not.
  std::string TextOf(const notification::v1::Notice& notice, const std::string& institution);
  void SeeLetter(const Letter& letter);
  std::string EntryOf(const referrals::v1::Referral& referral) const;
  std::string EntryOf(const intake::v1::Case& file) const;

 private:
  // A report nobody planned was filed by a decision: the institution's first, second … in the order they are heard of.
  unsigned NumberOfReport(const std::string& id, const std::string& institution);

  const World& world_;
  Ledger& ledger_;
  std::map<std::string, unsigned> reports_;
  std::map<std::string, std::size_t> cases_;
  std::map<std::string, std::size_t> referrals_;
  std::set<std::string> ignored_;
  std::map<std::string, std::map<std::string, unsigned>> filed_;  // institution, report id
};

Instant InstantOf(const google::protobuf::Timestamp& timestamp);

}  // namespace tilts::city_simulator
