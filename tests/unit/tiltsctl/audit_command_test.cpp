#include <gmock/gmock.h>

#include "audit_chain/checkpoint.hpp"
#include "audit_chain/entry.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/encoding.hpp"
#include "fake_services.hpp"
#include "wire/time.hpp"

namespace tilts::tiltsctl {
namespace {

using ::testing::HasSubstr;

constexpr char kChain[] = "case-intake.protection";

// An audit service that tells whatever a test lets it tell.
class AuditCommandTest : public FakeServicesTest {
 protected:
  void SetUp() override {
    std::string previous = audit_chain::FirstPreviousHash();
    for (std::uint64_t sequence = 1; sequence <= 6; ++sequence) {
      const std::string record = "record " + std::to_string(sequence);
      entries_.push_back({kChain, sequence, previous, audit_chain::EntryHash(previous, sequence, record), record});
      previous = entries_.back().hash;
    }
    Sign(entries_.back());
    witness_ = ::testing::TempDir() + "audit_command_test.witness";
    public_key_ = ::testing::TempDir() + "audit_command_test.pub";
    std::ofstream(public_key_) << crypto::ToBase64(key_.public_key()) << "\n";
    Answer<audit::v1::ListChainsRequest, audit::v1::ListChainsResponse>("tilts.audit.v1.AuditService/ListChains",
                                                                        [this](const auto&) { return Chains(); });
    Answer<audit::v1::ListEntriesRequest, audit::v1::ListEntriesResponse>(
        "tilts.audit.v1.AuditService/ListEntries", [this](const auto& request) { return Entries(request); });
    Answer<audit::v1::ListCheckpointsRequest, audit::v1::ListCheckpointsResponse>(
        "tilts.audit.v1.AuditService/ListCheckpoints", [](const auto&) {
          return core::Result<audit::v1::ListCheckpointsResponse>(audit::v1::ListCheckpointsResponse());
        });
    Serve();
  }

  void Sign(const audit_chain::Entry& entry) {
    audit_chain::Checkpoint checkpoint{
        kChain, entry.sequence, entry.hash, core::CityTime{}, audit_chain::KeyIdOf(key_.public_key()), {}};
    checkpoint.signature = key_.Sign(audit_chain::SignedText(checkpoint));
    checkpoints_.push_back(checkpoint);
  }

  core::Result<audit::v1::ListChainsResponse> Chains() const {
    audit::v1::ListChainsResponse answer;
    if (entries_.empty()) return answer;
    auto& chain = *answer.add_chains();
    chain.set_chain_id(kChain);
    chain.set_head_sequence(entries_.back().sequence);
    return answer;
  }

  // Two a page, so that paging is part of every test.
  core::Result<audit::v1::ListEntriesResponse> Entries(const audit::v1::ListEntriesRequest& request) const {
    audit::v1::ListEntriesResponse answer;
    for (const auto& entry : entries_) {
      if (entry.sequence <= request.after_sequence() || answer.entries_size() == 2) continue;
      auto& out = *answer.add_entries();
      out.set_chain_id(entry.chain_id);
      out.set_sequence(entry.sequence);
      out.set_previous_hash(entry.previous_hash);
      out.set_hash(entry.hash);
      out.set_record(entry.record);
    }
    return answer;
  }

  int Verify(std::vector<std::string> more = {}) {
    std::ofstream file(witness_);
    for (const auto& checkpoint : checkpoints_) file << audit_chain::WitnessLine(checkpoint);
    file.close();
    std::vector<std::string> words{"audit", "verify", "--witness", witness_, "--public-key", public_key_};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }

  const crypto::SigningKey key_ = crypto::SigningKey::Random();
  std::vector<audit_chain::Entry> entries_;
  std::vector<audit_chain::Checkpoint> checkpoints_;
  std::string witness_;
  std::string public_key_;
};

TEST_F(AuditCommandTest, SaysIntactWhenEverythingFits) {
  EXPECT_EQ(Verify(), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("audit: intact, 6 records in 1 chains verified"));
}

TEST_F(AuditCommandTest, NamesTheChangedRecord) {
  entries_[3].record = "other";
  EXPECT_EQ(Verify(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("record 4 was changed"));
  EXPECT_THAT(out_.str(), HasSubstr("NOT INTACT"));
}

TEST_F(AuditCommandTest, NamesTheDroppedRecord) {
  entries_.erase(entries_.begin() + 2);
  EXPECT_EQ(Verify(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("record 3 was dropped"));
}

TEST_F(AuditCommandTest, NamesTheSwappedRecords) {
  std::swap(entries_[1].record, entries_[4].record);
  EXPECT_EQ(Verify(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("records 2 and 5 were swapped"));
}

TEST_F(AuditCommandTest, NamesWhatIsCutOffByTheWitnessAlone) {
  entries_.resize(4);
  EXPECT_EQ(Verify(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("cut off: records 5 to 6 are gone"));
}

TEST_F(AuditCommandTest, FindsAChainThatTheServiceDenies) {
  entries_.clear();
  EXPECT_EQ(Verify(), 1);
  EXPECT_THAT(out_.str(), HasSubstr("records 1 to 6 are gone"));
}

TEST_F(AuditCommandTest, PrintsTheReportAsJsonWhenAsked) {
  entries_[3].record = "other";
  EXPECT_EQ(Verify({"--json"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("\"finding\": \"CHANGED\""));
  EXPECT_THAT(out_.str(), HasSubstr("\"first_sequence\": \"4\""));
}

TEST_F(AuditCommandTest, WantsAKeyToBelieve) {
  EXPECT_EQ(Run({"audit", "verify"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("--public-key"));
}

}  // namespace
}  // namespace tilts::tiltsctl
