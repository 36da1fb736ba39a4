#pragma once

#include <tilts/audit/v1/events.pb.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "audit/adapters/chain_store.hpp"
#include "audit/adapters/witness_file.hpp"
#include "audit/app/audit_queries.hpp"
#include "audit/app/checkpointer.hpp"
#include "audit/app/record_handler.hpp"
#include "audit_chain/verifier.hpp"
#include "events/draft.hpp"
#include "postgres/migrator.hpp"
#include "postgres/sql_batch_processor.hpp"
#include "testing/server_set.hpp"

namespace tilts::audit {

class CityClockAt final : public core::CityClock {
 public:
  core::CityTime Now() const override { return core::ParseRfc3339("2026-03-02T08:30:00Z").value(); }
};

// The audit service's own parts over the real PostgreSQL, fed with records as Kafka would hand them over.
class AuditTest : public testing::ServerTest {
 protected:
  static constexpr char kChain[] = "case-intake.protection";

  void SetUp() override {
    ServerTest::SetUp();
    if (HasFatalFailure()) return;
    database_ = std::make_unique<postgres::Database>(FreshSchema("audit"));
    const std::string migrations = std::string(TILTS_SOURCE_DIR) + "/services/audit/migrations";
    ASSERT_TRUE(postgres::Migrate(*database_, postgres::ReadMigrations(migrations).value()));
    store_ = std::make_unique<ChainStore>(*database_);
    handlers_.On<v1::AuditRecorded>(
        [this](postgres::UnitOfWork& unit, const events::v1::Envelope& envelope, const v1::AuditRecorded& record) {
          return records_.Handle(unit, envelope, record);
        });
    witness_path_ = ::testing::TempDir() + space() + ".witness";
  }
  void TearDown() override {
    std::filesystem::remove(witness_path_);
    ServerTest::TearDown();
  }

  std::unique_ptr<postgres::SqlBatchProcessor> NewProcessor() {
    return std::make_unique<postgres::SqlBatchProcessor>(*database_, handlers_, clock_,
                                                         postgres::SqlBatchOptions{"audit", {"tilts.audit.v1"}, {}});
  }

  std::unique_ptr<Checkpointer> NewCheckpointer(CheckpointPolicy policy = {256, std::chrono::hours(1)}) {
    witness_ = WitnessFile::Open(witness_path_).value();
    return std::make_unique<Checkpointer>(*store_, *witness_, key_, policy, clock_, log::Silent(), metrics_);
  }

  static events::Draft DraftOf(const std::string& id, const std::string& chain = kChain, bool system = false) {
    v1::AuditRecorded record;
    record.set_chain_id(chain);
    record.set_action(v1::AUDIT_ACTION_WRITE);
    record.set_call_id("call-" + id);
    record.set_system(system);
    events::Meta meta;
    meta.id = id;
    meta.source = "/case-intake";
    meta.subject = chain;
    meta.occurred_at = meta.recorded_at = CityClockAt().Now();
    return events::MakeDraft(record, meta).value();
  }

  // As read from the topic at `offset`.
  static events::Record RecordOf(const events::Draft& draft, std::int64_t offset) {
    return {{"tilts.audit.v1", 0}, offset, draft.key, draft.value, {}};
  }

  // Chains records r1 to r<count> of one chain.
  void Fill(int count, const std::string& chain = kChain) {
    const auto processor = NewProcessor();
    const auto stored = processor->LoadOffsets({{"tilts.audit.v1", 0}}).value().at(0);
    std::vector<events::Record> records;
    for (int i = 1; i <= count; ++i) {
      records.push_back(RecordOf(DraftOf(chain + "-r" + std::to_string(i), chain), stored.value_or(0) + i - 1));
    }
    ASSERT_TRUE(processor->Process({"tilts.audit.v1", 0}, stored, records));
  }

  std::vector<audit_chain::Entry> Entries(const std::string& chain = kChain) {
    return store_->EntriesAfter(chain, 0, 100'000).value();
  }

  std::vector<audit_chain::Checkpoint> Witnessed() const {
    std::ifstream file(witness_path_);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return audit_chain::ParseWitness(text).value();
  }

  // What a verifier that trusts only witness and key finds.
  std::optional<audit_chain::Finding> Verify(const std::string& chain = kChain) {
    audit_chain::ChainVerifier verifier(chain, Witnessed(), {key_.public_key()});
    for (const auto& entry : Entries(chain)) {
      if (!verifier.Add(entry)) break;
    }
    return verifier.Finish();
  }

  void Tamper(const std::string& sql) {
    const auto changed = database_->Query(sql);
    ASSERT_TRUE(changed.has_value()) << changed.error().message;
  }

  const CityClockAt clock_;
  metrics::Registry metrics_;
  const RecordHandler records_{metrics_};
  const crypto::SigningKey key_ = crypto::SigningKey::Random();
  postgres::SqlBatchProcessor::Handlers handlers_;
  std::unique_ptr<postgres::Database> database_;
  std::unique_ptr<ChainStore> store_;
  std::unique_ptr<WitnessFile> witness_;
  std::string witness_path_;
};

}  // namespace tilts::audit
