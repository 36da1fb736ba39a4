#include <gmock/gmock.h>

#include <thread>

#include "audit_fixture.hpp"

namespace tilts::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const events::TopicPartition kPartition{"tilts.audit.v1", 0};

class ChainingTest : public AuditTest {};

TEST_F(ChainingTest, KeepsTheBytesOfTheTopicInAnUnbrokenChain) {
  Fill(20);
  const auto entries = Entries();
  ASSERT_THAT(entries, SizeIs(20));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(entries[i].sequence, i + 1);
    EXPECT_EQ(entries[i].record, DraftOf(std::string(kChain) + "-r" + std::to_string(i + 1)).value);
  }
  EXPECT_EQ(Verify(), std::nullopt);
}

TEST_F(ChainingTest, MakesOneEntryOfARecordThatArrivesAgain) {
  const auto processor = NewProcessor();
  const events::Draft draft = DraftOf("once");
  ASSERT_TRUE(processor->Process(kPartition, std::nullopt, std::vector{RecordOf(draft, 0), RecordOf(draft, 1)}));
  ASSERT_TRUE(processor->Process(kPartition, 2, std::vector{RecordOf(draft, 2)}));
  EXPECT_THAT(Entries(), SizeIs(1));
  EXPECT_EQ(store_->Heads().value().at(0).caller_records, 1u);
}

TEST_F(ChainingTest, WritesNothingWhenAnotherWorkerWasFaster) {
  const auto processor = NewProcessor();
  ASSERT_TRUE(processor->Process(kPartition, std::nullopt, std::vector{RecordOf(DraftOf("a"), 0)}));
  const auto late = processor->Process(kPartition, std::nullopt, std::vector{RecordOf(DraftOf("b"), 0)});
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().reason, "OFFSET_FENCED");
  EXPECT_THAT(Entries(), SizeIs(1));
}

TEST_F(ChainingTest, NeverForksWhenManyWriteToOneChain) {
  constexpr int kWriters = 4;
  constexpr int kEach = 25;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] {
      for (int i = 0; i < kEach; ++i) {
        const std::string id = std::to_string(writer) + "-" + std::to_string(i);
        EXPECT_TRUE(database_->Transact([&](postgres::UnitOfWork& unit) {
          return ChainStore::Append(unit, {kChain, id, false, "record " + id});
        }));
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_THAT(Entries(), SizeIs(kWriters * kEach));
  EXPECT_EQ(Verify(), std::nullopt);
}

TEST_F(ChainingTest, ParksARecordWithoutAChainAndGoesOn) {
  const auto processor = NewProcessor();
  ASSERT_TRUE(processor->Process(kPartition, std::nullopt,
                                 std::vector{RecordOf(DraftOf("bad", "no chain"), 0), RecordOf(DraftOf("good"), 1)}));
  EXPECT_THAT(Entries(), SizeIs(1));
  const auto letters = postgres::DeadLetters(*database_, "audit").List(0, 10);
  ASSERT_THAT(letters.value(), SizeIs(1));
  EXPECT_EQ(letters->at(0).reason, "CHAIN_ID");
}

TEST_F(ChainingTest, CountsCallersAndTheSystemApart) {
  const auto processor = NewProcessor();
  ASSERT_TRUE(processor->Process(kPartition, std::nullopt,
                                 std::vector{RecordOf(DraftOf("a"), 0), RecordOf(DraftOf("b", kChain, true), 1),
                                             RecordOf(DraftOf("c", "registry.registry"), 2)}));
  const auto answer = AuditQueries(*store_).ListChains();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->chains_size(), 2);
  EXPECT_EQ(answer->caller_records(), 2u);
  EXPECT_EQ(answer->system_records(), 1u);
}

TEST_F(ChainingTest, GivesEntriesPageByPageWithTheirMeaning) {
  Fill(5);
  AuditQueries queries(*store_);
  v1::ListEntriesRequest request;
  request.set_chain_id(kChain);
  request.set_limit(2);
  std::uint64_t seen = 0;
  while (true) {
    request.set_after_sequence(seen);
    const auto page = queries.ListEntries(request).value();
    if (page.entries_size() == 0) break;
    for (const auto& entry : page.entries()) {
      EXPECT_EQ(entry.sequence(), ++seen);
      EXPECT_EQ(entry.decoded().chain_id(), kChain);
    }
  }
  EXPECT_EQ(seen, 5u);
  request.set_limit(1'001);
  EXPECT_EQ(queries.ListEntries(request).error().violations.at(0).field, "limit");
}

}  // namespace
}  // namespace tilts::audit
