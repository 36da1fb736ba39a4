#include "postgres/batch_run.hpp"

#include <exception>

namespace tilts::postgres {

using Outcome = HandlerProbe::Outcome;

core::Status BatchRun::Run(UnitOfWork& unit, std::span<const BatchItem> items) {
  TILTS_CHECK(Prepare(unit, items));
  for (const BatchItem& item : items) TILTS_CHECK(One(unit, item));
  // Whose row it was shows in a careful run, where each record writes its own.
  if (core::Status written = unit.WriteGathered(); !written) {
    failed_ = items.empty() ? nullptr : &items.back();
    return written;
  }
  return rules_.sequences.Save(unit, advanced_);
}

core::Status BatchRun::Prepare(UnitOfWork& unit, std::span<const BatchItem> items) {
  if (rules_.order_free) return {};
  std::set<std::string> aggregates;
  std::set<std::string> sequenced;
  for (const BatchItem& item : items) {
    aggregates.insert(item.aggregate());
    aggregates.insert(item.record->key);
    if (item.envelope && item.envelope->sequence() > 0) sequenced.insert(item.envelope->subject());
  }
  TILTS_ASSIGN(parked_, rules_.letters.Parked(unit, {aggregates.begin(), aggregates.end()}));
  TILTS_ASSIGN(stored_, rules_.sequences.Load(unit, {sequenced.begin(), sequenced.end()}));
  return {};
}

core::Status BatchRun::One(UnitOfWork& unit, const BatchItem& item) {
  if (!item.envelope) return ToLetter(unit, item, item.unreadable, 1);
  if (!rules_.order_free) {
    TILTS_ASSIGN(const bool parked, IsParked(unit, item));
    if (parked) {
      Count(item, Outcome::kParked);
      return rules_.letters.PutBehind(unit, *item.record, *item.envelope, item.aggregate(), rules_.now);
    }
  }
  if (!IsNew(*item.envelope)) {
    Count(item, Outcome::kDuplicate);
    return {};
  }
  const core::Status handled = Handle(unit, item);
  if (handled) {
    if (item.envelope->sequence() > 0) {
      advanced_[{item.envelope->source(), item.envelope->subject()}] = item.envelope->sequence();
    }
    Count(item, Outcome::kHandled);
    return {};
  }
  const bool hopeless = events::ToDisposition(handled.error().code) == events::Disposition::kDeadLetter ||
                        rules_.exhausted_offset == item.record->offset;
  if (!rules_.careful || !hopeless) {
    failed_ = &item;
    return handled;
  }
  return ToLetter(unit, item, handled.error(), rules_.exhausted_offset == item.record->offset ? rules_.attempts : 1);
}

core::Result<bool> BatchRun::IsParked(UnitOfWork& unit, const BatchItem& item) {
  for (const std::string& aggregate : {item.aggregate(), item.record->key}) {
    if (parked_by_us_.contains(aggregate)) return true;
    if (!parked_.contains(aggregate)) continue;
    TILTS_ASSIGN(const bool still, rules_.letters.LockAndCheck(unit, aggregate));
    if (still) return true;
    // Re-driven meanwhile: what that did is committed now, so its sequence is read again.
    parked_.erase(aggregate);
    TILTS_ASSIGN(const auto fresh, rules_.sequences.Load(unit, {item.aggregate()}));
    for (const auto& [key, sequence] : fresh) stored_[key] = sequence;
  }
  return false;
}

bool BatchRun::IsNew(const events::v1::Envelope& envelope) {
  if (envelope.sequence() == 0 || rules_.order_free) return true;
  const std::pair key{envelope.source(), envelope.subject()};
  std::uint64_t last = 0;
  if (const auto found = stored_.find(key); found != stored_.end()) last = found->second;
  if (const auto found = advanced_.find(key); found != advanced_.end()) last = std::max(last, found->second);
  if (envelope.sequence() <= last) return false;
  if (envelope.sequence() > last + 1) ++gaps_;
  return true;
}

core::Status BatchRun::Handle(UnitOfWork& unit, const BatchItem& item) {
  const auto call = [&]() -> core::Status {
    try {
      return rules_.handlers.Dispatch(unit, *item.envelope);
    } catch (const std::exception&) {
      return core::Fail(core::Errc::kInternal, "the handler failed: see the service's log", "HANDLER_EXCEPTION");
    }
  };
  if (!rules_.handlers.Handles(item.envelope->type())) return {};
  return rules_.careful ? unit.Attempt(call) : call();
}

core::Status BatchRun::ToLetter(UnitOfWork& unit, const BatchItem& item, const core::Error& error, int attempts) {
  Count(item, Outcome::kDeadLettered);
  if (!rules_.order_free) parked_by_us_.insert(item.aggregate());
  return rules_.letters.Put(unit, *item.record, item.envelope ? &*item.envelope : nullptr, item.aggregate(),
                            {error, attempts, !rules_.order_free}, rules_.now);
}

}  // namespace tilts::postgres
