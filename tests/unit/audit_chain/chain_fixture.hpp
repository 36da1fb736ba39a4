#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "audit_chain/verifier.hpp"
#include "crypto/ed25519.hpp"

namespace tilts::audit_chain {

inline constexpr char kChain[] = "case-intake.protection";

// An honest chain of ten entries with a checkpoint at 4 and at 8.
class ChainTest : public ::testing::Test {
 protected:
  ChainTest() {
    std::string previous = FirstPreviousHash();
    for (std::uint64_t sequence = 1; sequence <= 10; ++sequence) {
      const std::string record = "record " + std::to_string(sequence);
      const std::string hash = EntryHash(previous, sequence, record);
      entries_.push_back({kChain, sequence, previous, hash, record});
      previous = hash;
      if (sequence % 4 == 0) checkpoints_.push_back(Sign(entries_.back(), key_));
    }
  }

  static Checkpoint Sign(const Entry& entry, const crypto::SigningKey& key) {
    Checkpoint checkpoint{entry.chain_id,
                          entry.sequence,
                          entry.hash,
                          core::CityTime(std::chrono::seconds(1'772'400'000)),
                          KeyIdOf(key.public_key()),
                          {}};
    checkpoint.signature = key.Sign(SignedText(checkpoint));
    return checkpoint;
  }

  // Chains everything from `first` on anew, as somebody would who owns the database.
  void RehashFrom(std::uint64_t first) {
    for (std::size_t i = first - 1; i < entries_.size(); ++i) {
      entries_[i].previous_hash = i == 0 ? FirstPreviousHash() : entries_[i - 1].hash;
      entries_[i].sequence = i + 1;
      entries_[i].hash = EntryHash(entries_[i].previous_hash, entries_[i].sequence, entries_[i].record);
    }
  }

  std::optional<Finding> Verify(std::uint64_t head = 0) {
    ChainVerifier verifier(kChain, checkpoints_, {key_.public_key()});
    for (const Entry& entry : entries_) {
      if (!verifier.Add(entry)) break;
    }
    auto finding = verifier.Finish(head);
    verified_ = verifier.verified();
    return finding;
  }

  static Finding Found(Finding::Kind kind, std::uint64_t first, std::uint64_t last) {
    return {kind, kChain, first, last};
  }

  const crypto::SigningKey key_ = crypto::SigningKey::Random();
  std::vector<Entry> entries_;
  std::vector<Checkpoint> checkpoints_;
  std::uint64_t verified_ = 0;
};

}  // namespace tilts::audit_chain
