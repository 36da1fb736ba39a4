#include "indicator_aggregation/adapters/snapshot.hpp"

#include "core/sha256.hpp"

namespace tilts::indicator_aggregation {
namespace {

// Lines are put together per bucket, so that no text outgrows what the database holds in one value.
core::Result<std::string> DigestOf(postgres::UnitOfWork& unit, const Tables& tables, const std::string& table,
                                   const std::string& bucket, const std::string& order) {
  const std::string sql =
      "SELECT coalesce(encode(sha256(convert_to(string_agg(part, ',' ORDER BY bucket), 'UTF8')), 'hex'), '') FROM "
      "(SELECT " +
      bucket + " AS bucket, encode(sha256(convert_to(string_agg(ROW(t.*)::text, E'\\n' ORDER BY " + order +
      "), 'UTF8')), 'hex') AS part FROM " + tables.Name(table) + " t GROUP BY 1) parts";
  TILTS_ASSIGN(const auto rows, unit.Exec(sql));
  return rows.front().Text(0);
}

constexpr char kCellOrder[] =
    "indicator_id COLLATE \"C\", school_year COLLATE \"C\", municipality COLLATE \"C\", institution_id COLLATE \"C\", "
    "category COLLATE \"C\", definition_version";

}  // namespace

core::Status LockForReading(postgres::UnitOfWork& unit) {
  std::string names;
  for (const std::string_view table : kDerivedTables) names += (names.empty() ? "" : ", ") + std::string(table);
  return unit.ExecScript("LOCK TABLE " + names + " IN ACCESS SHARE MODE");
}

core::Result<std::string> WatermarkOf(postgres::UnitOfWork& unit) {
  TILTS_ASSIGN(const auto rows, unit.Exec("SELECT topic, sum(next_offset)::bigint FROM consumer_offset "
                                          "WHERE consumer_group = $1 GROUP BY topic ORDER BY topic COLLATE \"C\"",
                                          {kGroup}));
  std::string mark;
  for (const postgres::Row row : rows) {
    mark += (mark.empty() ? "" : ";") + row.Text(0) + "=" + std::to_string(row.Int(1));
  }
  return mark;
}

core::Result<std::map<events::TopicPartition, std::int64_t>> OffsetsOf(postgres::UnitOfWork& unit) {
  TILTS_ASSIGN(
      const auto rows,
      unit.Exec("SELECT topic, partition, next_offset FROM consumer_offset WHERE consumer_group = $1", {kGroup}));
  std::map<events::TopicPartition, std::int64_t> offsets;
  for (const postgres::Row row : rows) {
    offsets[{row.Text(0), static_cast<std::int32_t>(row.Int(1))}] = row.Int(2);
  }
  return offsets;
}

core::Result<std::string> ValuesDigest(postgres::UnitOfWork& unit, const Tables& tables) {
  return DigestOf(unit, tables, "indicator_value", "1", kCellOrder);
}

core::Result<std::string> TablesDigest(postgres::UnitOfWork& unit, const Tables& tables) {
  std::string all;
  TILTS_ASSIGN(const std::string values, ValuesDigest(unit, tables));
  TILTS_ASSIGN(const std::string members, DigestOf(unit, tables, "membership", "substr(subject_id, 1, 2) COLLATE \"C\"",
                                                   std::string(kCellOrder) + ", side, subject_id COLLATE \"C\""));
  TILTS_ASSIGN(const std::string hours, DigestOf(unit, tables, "hour_count", "1", std::string(kCellOrder) + ", hours"));
  all += values + members + hours;
  for (const char* table : {"fact_row", "attendance_row"}) {
    TILTS_ASSIGN(const std::string rows, DigestOf(unit, tables, table, "get_byte(record_id, 0)", "record_id"));
    all += rows;
  }
  TILTS_ASSIGN(const std::string days, DigestOf(unit, tables, "school_day", "1", "day"));
  return core::Hex(core::Sha256(all + days));
}

}  // namespace tilts::indicator_aggregation
