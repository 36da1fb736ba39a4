#pragma once

#include <tilts/events/v1/envelope.pb.h>

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "postgres/letter_box.hpp"
#include "postgres/sequence_store.hpp"
#include "postgres/sql_batch_processor.hpp"

namespace tilts::postgres {

// A polled record, decoded once for all tries of its batch.
struct BatchItem {
  const events::Record* record = nullptr;
  std::optional<events::v1::Envelope> envelope;
  core::Error unreadable;  // when there is no envelope

  // What a letter parks: the envelope's subject, else the record's key.
  const std::string& aggregate() const { return envelope ? envelope->subject() : record->key; }
};

// One try of a batch within one transaction. Made anew for each try.
class BatchRun {
 public:
  struct Rules {
    const SqlBatchProcessor::Handlers& handlers;
    const LetterBox& letters;
    const SequenceStore& sequences;
    core::CityTime now;
    bool order_free = false;
    // A savepoint per record, and records that cannot be handled become letters; otherwise the first failure ends
    // the try, which is the fast way while all is well.
    bool careful = false;
    // The record whose tries are used up, if one is; and how many it had.
    std::optional<std::int64_t> exhausted_offset;
    int attempts = 1;
  };
  struct Result {
    const BatchItem* item;
    HandlerProbe::Outcome outcome;
  };

  explicit BatchRun(const Rules& rules) : rules_(rules) {}

  core::Status Run(UnitOfWork& unit, std::span<const BatchItem> items);

  const std::vector<Result>& results() const { return results_; }
  // The item a handler failed on, when Run failed because of it.
  const BatchItem* failed() const { return failed_; }
  std::size_t gaps() const { return gaps_; }

 private:
  core::Status Prepare(UnitOfWork& unit, std::span<const BatchItem> items);
  core::Status One(UnitOfWork& unit, const BatchItem& item);
  core::Result<bool> IsParked(UnitOfWork& unit, const BatchItem& item);
  // False: seen before.
  bool IsNew(const events::v1::Envelope& envelope);
  core::Status Handle(UnitOfWork& unit, const BatchItem& item);
  core::Status ToLetter(UnitOfWork& unit, const BatchItem& item, const core::Error& error, int attempts);
  void Count(const BatchItem& item, HandlerProbe::Outcome outcome) { results_.push_back({&item, outcome}); }

  const Rules rules_;
  std::set<std::string> parked_;        // aggregates with a letter, as far as this transaction knows
  std::set<std::string> parked_by_us_;  // letters written in this transaction
  SequenceStore::Sequences stored_;
  SequenceStore::Sequences advanced_;
  std::vector<Result> results_;
  const BatchItem* failed_ = nullptr;
  std::size_t gaps_ = 0;
};

}  // namespace tilts::postgres
