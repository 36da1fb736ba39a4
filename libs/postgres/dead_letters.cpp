#include "postgres/dead_letters.hpp"

namespace tilts::postgres {
namespace {

constexpr char kSelect[] =
    "SELECT l.id, l.topic, l.partition, l.record_offset, l.aggregate_id, l.event_id, l.event_type, l.code, l.reason, "
    "l.attempts, l.parked_at, (SELECT count(*) FROM dead_letter b WHERE b.consumer_group = l.consumer_group "
    "AND b.aggregate_id = l.aggregate_id AND b.id > l.id AND l.blocking) FROM dead_letter l WHERE l.consumer_group = "
    "$1 ";

DeadLetter Read(const Row& row) {
  DeadLetter letter;
  letter.id = row.Int(0);
  letter.topic = row.Text(1);
  letter.partition = static_cast<std::int32_t>(row.Int(2));
  letter.offset = row.Int(3);
  letter.aggregate_id = row.Text(4);
  letter.event_id = row.Text(5);
  letter.event_type = row.Text(6);
  letter.code = row.Text(7);
  letter.reason = row.Text(8);
  letter.attempts = static_cast<std::int32_t>(row.Int(9));
  letter.parked_at = row.Time(10);
  letter.parked_behind = static_cast<std::uint64_t>(row.Int(11));
  return letter;
}

}  // namespace

core::Result<std::vector<DeadLetter>> DeadLetters::List(std::int64_t after, int limit) const {
  TILTS_ASSIGN(
      const Rows rows,
      database_.Query(std::string(kSelect) + "AND l.id > $2 AND l.reason <> 'PARKED_BEHIND' ORDER BY l.id LIMIT $3",
                      {group_, after, limit}));
  std::vector<DeadLetter> letters;
  for (const Row row : rows) letters.push_back(Read(row));
  return letters;
}

core::Result<DeadLetter> DeadLetters::Find(std::int64_t id) const {
  TILTS_ASSIGN(const Rows rows, database_.Query(std::string(kSelect) + "AND l.id = $2", {group_, id}));
  if (rows.empty()) return core::Fail(core::Errc::kNotFound, "no such dead letter", "DEAD_LETTER");
  return Read(rows.front());
}

core::Result<std::uint64_t> DeadLetters::CountBlocking() const {
  TILTS_ASSIGN(const Rows rows,
               database_.Query("SELECT count(*) FROM dead_letter WHERE consumer_group = $1", {group_}));
  return static_cast<std::uint64_t>(rows.front().Int(0));
}

}  // namespace tilts::postgres
