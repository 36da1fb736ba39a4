#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/city_time.hpp"
#include "events/record.hpp"
#include "postgres/unit_of_work.hpp"

namespace tilts::events::v1 {
class Envelope;
}

namespace tilts::postgres {

// The dead_letter table as SqlBatchProcessor writes it, within its transaction.
class LetterBox {
 public:
  explicit LetterBox(std::string group) : group_(std::move(group)) {}

  struct Failure {
    core::Error error;
    int attempts = 1;
    bool blocking = true;
  };

  // Which of these aggregates have a letter that parks them.
  core::Result<std::set<std::string>> Parked(UnitOfWork& unit, const std::vector<std::string>& aggregates) const;
  // Same for one, behind the aggregate's lock: what Redrive finishes meanwhile is seen.
  core::Result<bool> LockAndCheck(UnitOfWork& unit, const std::string& aggregate) const;

  // Keeps the record, and sends it to the group's dead-letter topic with reason, code and origin.
  core::Status Put(UnitOfWork& unit, const events::Record& record, const events::v1::Envelope* envelope,
                   const std::string& aggregate, const Failure& failure, core::CityTime now) const;
  // Keeps the record behind the aggregate's first letter.
  core::Status PutBehind(UnitOfWork& unit, const events::Record& record, const events::v1::Envelope& envelope,
                         const std::string& aggregate, core::CityTime now) const;

  struct Letter {
    std::int64_t id = 0;
    events::Record record;
    int attempts = 0;
  };
  // The oldest letter of the aggregate, behind its lock.
  core::Result<std::optional<Letter>> First(UnitOfWork& unit, const std::string& aggregate) const;
  core::Status Remove(UnitOfWork& unit, std::int64_t id) const;
  core::Status FailedAgain(UnitOfWork& unit, std::int64_t id, const core::Error& error) const;

 private:
  core::Status Insert(UnitOfWork& unit, const events::Record& record, const events::v1::Envelope* envelope,
                      const std::string& aggregate, const Failure& failure, core::CityTime now) const;

  std::string group_;
};

}  // namespace tilts::postgres
