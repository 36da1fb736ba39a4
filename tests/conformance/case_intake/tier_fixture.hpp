#pragma once

#include <tilts/risk/v1/events.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "case_intake/adapters/tier_desk.hpp"
#include "case_intake/adapters/tier_follower.hpp"
#include "case_intake/adapters/tier_notes.hpp"
#include "events/record.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "register_test.hpp"

namespace tilts::case_intake::testing {

// The register with the tiers on it: proposals come as records of the risk topic, pupils are enrolled in the table.
class TierTest : public RegisterTest {
 protected:
  static constexpr char kTopic[] = "tilts.risk.v1";

  void SetUp() override;

  // A person of the vault who is at that school now.
  std::string Enrolled(const std::string& school, const std::string& code);
  static risk::v1::TierProposed ProposalOf(const std::string& pupil, const std::string& school, std::uint32_t tier,
                                           const std::string& digest);
  events::Draft DraftOfProposal(const risk::v1::TierProposed& proposal, std::uint64_t sequence) const;
  // Through the consumer's transaction, as read from the topic's next offset.
  void Receive(const events::Draft& draft);
  void Propose(const std::string& pupil, std::uint64_t sequence, std::uint32_t tier, const std::string& digest,
               const std::string& school = kSchool);

  static intake::v1::DecideTierRequest RequestFor(const std::string& request_id, const std::string& pupil,
                                                  codes::v1::TierDecision decision, const std::string& digest = "d1");
  intake::v1::Tier Decided(const intake::v1::DecideTierRequest& request, const std::string& school = kSchool);
  core::Error Refused(const intake::v1::DecideTierRequest& request, const std::string& school = kSchool);
  std::vector<intake::v1::Tier> List(const std::string& school = kSchool, bool only_undecided = false);

  postgres::SqlBatchProcessor::Handlers handlers_;
  std::unique_ptr<TierDesk> desk_;
  std::unique_ptr<TierFollower> tier_follower_;
  std::unique_ptr<TierNoteWorker> note_worker_;
  std::unique_ptr<postgres::SqlBatchProcessor> processor_;
};

}  // namespace tilts::case_intake::testing
