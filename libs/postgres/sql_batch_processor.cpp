#include "postgres/sql_batch_processor.hpp"

#include "events/envelope_codec.hpp"
#include "postgres/batch_run.hpp"

namespace tilts::postgres {

struct SqlBatchProcessor::Parts {
  Database& database;
  const Handlers& handlers;
  const core::CityClock& clock;
  const SqlBatchOptions options;
  HandlerProbe no_probe;
  HandlerProbe& probe;
  OffsetStore offsets;
  SequenceStore sequences;
  LetterBox letters;
  std::map<events::TopicPartition, events::AttemptCounter> attempts;  // of the poll thread

  Parts(Database& a_database, const Handlers& a_handlers, const core::CityClock& a_clock, SqlBatchOptions an_options,
        HandlerProbe* a_probe)
      : database(a_database),
        handlers(a_handlers),
        clock(a_clock),
        options(std::move(an_options)),
        probe(a_probe ? *a_probe : no_probe),
        offsets(options.group),
        sequences(options.group),
        letters(options.group) {}

  BatchRun::Rules RulesFor(const std::string& topic) const {
    return {handlers, letters, sequences, clock.Now(), options.order_free_topics.contains(topic), false, {}, 1};
  }

  void Report(const std::string& topic, const BatchRun& run) {
    for (const BatchRun::Result& result : run.results()) {
      probe.OnRecord(topic, result.item->envelope ? result.item->envelope->type() : std::string(), result.outcome);
    }
    for (std::size_t i = 0; i < run.gaps(); ++i) probe.OnSequenceGap(topic);
  }
};

namespace {

std::vector<BatchItem> DecodeAll(std::span<const events::Record> records) {
  std::vector<BatchItem> items(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    items[i].record = &records[i];
    auto envelope = events::Decode(records[i].value);
    if (envelope) {
      items[i].envelope = std::move(*envelope);
    } else {
      items[i].unreadable = envelope.error();
    }
  }
  return items;
}

}  // namespace

SqlBatchProcessor::SqlBatchProcessor(Database& database, const Handlers& handlers, const core::CityClock& clock,
                                     SqlBatchOptions options, HandlerProbe* probe)
    : parts_(std::make_unique<Parts>(database, handlers, clock, std::move(options), probe)) {}
SqlBatchProcessor::~SqlBatchProcessor() = default;

core::Result<std::vector<std::optional<std::int64_t>>> SqlBatchProcessor::LoadOffsets(
    const std::vector<events::TopicPartition>& partitions) {
  TILTS_ASSIGN(const auto stored, parts_->offsets.LoadAll(parts_->database));
  std::vector<std::optional<std::int64_t>> offsets(partitions.size());
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    if (const auto found = stored.find(partitions[i]); found != stored.end()) offsets[i] = found->second;
  }
  return offsets;
}

core::Status SqlBatchProcessor::Process(const events::TopicPartition& partition, std::optional<std::int64_t> expected,
                                        std::span<const events::Record> records) {
  if (records.empty()) return {};
  const std::vector<BatchItem> items = DecodeAll(records);
  BatchRun::Rules rules = parts_->RulesFor(partition.topic);
  events::AttemptCounter& counter = parts_->attempts[partition];
  while (true) {
    std::optional<BatchRun> run;
    const core::Status status = parts_->database.Transact([&](UnitOfWork& unit) -> core::Status {
      run.emplace(rules);
      TILTS_CHECK(parts_->offsets.Advance(unit, partition, expected, records.back().offset + 1));
      return run->Run(unit, items);
    });
    if (status) {
      parts_->Report(partition.topic, *run);
      return {};
    }
    const BatchItem* failed = run ? run->failed() : nullptr;
    if (failed == nullptr) return status;  // the store's failure, or fenced: no record is to blame
    if (!counter.Exhausted(failed->record->offset, status.error().code, parts_->options.retry)) return status;
    // In a careful run only a record with tries left fails the batch, so each round has another culprit.
    const bool again = rules.careful && rules.exhausted_offset == failed->record->offset;
    if (again) return status;
    rules.careful = true;
    rules.exhausted_offset = failed->record->offset;
    rules.attempts = counter.attempts();
  }
}

void SqlBatchProcessor::Forget(const events::TopicPartition& partition) {
  parts_->attempts.erase(partition);
}

core::Result<std::uint64_t> SqlBatchProcessor::Redrive(const std::string& aggregate_id,
                                                       const std::function<core::Status(UnitOfWork&)>& alongside) {
  enum class Step { kHandled, kNoneLeft };
  std::uint64_t handled = 0;
  for (bool first = true;; first = false) {
    std::optional<core::Error> failed_again;
    TILTS_ASSIGN(const Step step, parts_->database.Transact([&](UnitOfWork& unit) -> core::Result<Step> {
      failed_again.reset();
      if (first && alongside) TILTS_CHECK(alongside(unit));
      TILTS_ASSIGN(const auto letter, parts_->letters.First(unit, aggregate_id));
      if (!letter) return Step::kNoneLeft;
      const core::Status outcome = unit.Attempt([&] { return HandleLetter(unit, letter->record); });
      if (outcome) {
        TILTS_CHECK(parts_->letters.Remove(unit, letter->id));
        return Step::kHandled;
      }
      failed_again = outcome.error();
      TILTS_CHECK(parts_->letters.FailedAgain(unit, letter->id, *failed_again));
      return Step::kHandled;
    }));
    if (failed_again) return core::Fail(std::move(*failed_again));
    if (step == Step::kNoneLeft) return handled;
    ++handled;
  }
}

core::Status SqlBatchProcessor::HandleLetter(UnitOfWork& unit, const events::Record& record) {
  TILTS_ASSIGN(const events::v1::Envelope envelope, events::Decode(record.value));
  if (envelope.sequence() > 0 && !parts_->options.order_free_topics.contains(record.at.topic)) {
    TILTS_ASSIGN(const bool fresh,
                 parts_->sequences.Advance(unit, envelope.source(), envelope.subject(), envelope.sequence()));
    if (!fresh) return {};
  }
  try {
    return parts_->handlers.Dispatch(unit, envelope);
  } catch (const std::exception&) {
    return core::Fail(core::Errc::kInternal, "the handler failed: see the service's log", "HANDLER_EXCEPTION");
  }
}

}  // namespace tilts::postgres
