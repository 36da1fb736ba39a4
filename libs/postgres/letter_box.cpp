#include "postgres/letter_box.hpp"

#include <tilts/events/v1/envelope.pb.h>

#include "events/dead_letter.hpp"

namespace tilts::postgres {
core::Result<std::set<std::string>> LetterBox::Parked(UnitOfWork& unit,
                                                      const std::vector<std::string>& aggregates) const {
  std::set<std::string> parked;
  if (aggregates.empty()) return parked;
  TILTS_ASSIGN(const Rows rows, unit.Exec("SELECT DISTINCT aggregate_id FROM dead_letter "
                                          "WHERE consumer_group = $1 AND aggregate_id = ANY($2::text[]) AND blocking",
                                          {group_, aggregates}));
  for (const Row row : rows) parked.insert(row.Text(0));
  return parked;
}

core::Result<bool> LetterBox::LockAndCheck(UnitOfWork& unit, const std::string& aggregate) const {
  TILTS_CHECK(unit.Lock("dead-letter/" + group_, aggregate));
  TILTS_ASSIGN(const std::set<std::string> parked, Parked(unit, {aggregate}));
  return !parked.empty();
}

core::Status LetterBox::Put(UnitOfWork& unit, const events::Record& record, const events::v1::Envelope* envelope,
                            const std::string& aggregate, const Failure& failure, core::CityTime now) const {
  TILTS_CHECK(Insert(unit, record, envelope, aggregate, failure, now));
  return unit.Emit(events::MakeDeadLetter(group_, record, failure.error, failure.attempts));
}

core::Status LetterBox::PutBehind(UnitOfWork& unit, const events::Record& record, const events::v1::Envelope& envelope,
                                  const std::string& aggregate, core::CityTime now) const {
  const Failure behind{{core::Errc::kRefused, {}, "PARKED_BEHIND", {}, 0}, 0, true};
  return Insert(unit, record, &envelope, aggregate, behind, now);
}

core::Status LetterBox::Insert(UnitOfWork& unit, const events::Record& record, const events::v1::Envelope* envelope,
                               const std::string& aggregate, const Failure& failure, core::CityTime now) const {
  TILTS_CHECK(unit.Exec(
      "INSERT INTO dead_letter (consumer_group, topic, partition, record_offset, key, aggregate_id, event_id, "
      "event_type, code, reason, attempts, blocking, body, parked_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {group_, record.at.topic, record.at.partition, record.offset, record.key, aggregate,
       envelope ? envelope->id() : std::string(), envelope ? envelope->type() : std::string(),
       events::LetterCode(failure.error), events::LetterReason(failure.error), failure.attempts, failure.blocking,
       Bytes{record.value}, now}));
  return {};
}

core::Result<std::optional<LetterBox::Letter>> LetterBox::First(UnitOfWork& unit, const std::string& aggregate) const {
  TILTS_CHECK(unit.Lock("dead-letter/" + group_, aggregate));
  TILTS_ASSIGN(const Rows rows,
               unit.Exec("SELECT id, topic, partition, record_offset, key, body, attempts FROM dead_letter "
                         "WHERE consumer_group = $1 AND aggregate_id = $2 ORDER BY id LIMIT 1",
                         {group_, aggregate}));
  if (rows.empty()) return std::nullopt;
  const Row row = rows.front();
  Letter letter;
  letter.id = row.Int(0);
  letter.record = {{row.Text(1), static_cast<std::int32_t>(row.Int(2))}, row.Int(3), row.Text(4), row.BytesOf(5), {}};
  letter.attempts = static_cast<int>(row.Int(6));
  return letter;
}

core::Status LetterBox::Remove(UnitOfWork& unit, std::int64_t id) const {
  TILTS_CHECK(unit.Exec("DELETE FROM dead_letter WHERE id = $1", {id}));
  return {};
}

core::Status LetterBox::FailedAgain(UnitOfWork& unit, std::int64_t id, const core::Error& error) const {
  TILTS_CHECK(unit.Exec("UPDATE dead_letter SET code = $2, reason = $3, attempts = attempts + 1 WHERE id = $1",
                        {id, events::LetterCode(error), events::LetterReason(error)}));
  return {};
}

}  // namespace tilts::postgres
