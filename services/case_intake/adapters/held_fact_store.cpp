#include "case_intake/adapters/held_fact_store.hpp"

#include <tilts/intake/v1/fact_service.pb.h>

#include "crypto/encoding.hpp"
#include "wire/bytes.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kColumns[] =
    "SELECT held_id, institution_id, kind, revision, number_index, sealed, wrapped_key, held_since, due_at, attempts "
    "FROM held_fact ";

// The revision too: a sealed body cannot be put under another one.
std::string ContextOf(const HeldFactRow& row) {
  return "held-fact/" + row.held_id + "/" + std::to_string(row.revision);
}

}  // namespace

core::Status SealInto(HeldFactRow& row, const Sealer& sealer, const intake::v1::Fact& fact) {
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(fact));
  const std::string context = ContextOf(row);
  const Sealed sealed = Sealer::SealFresh(bytes, context);
  row.sealed = sealed.bytes;
  row.wrapped_key = sealer.Hold(sealed.key, context);
  return {};
}

core::Result<intake::v1::Fact> OpenFact(const HeldFactRow& row, const Sealer& sealer) {
  const std::string context = ContextOf(row);
  TILTS_ASSIGN(const crypto::SecretKey key, sealer.Unhold(row.wrapped_key, context));
  TILTS_ASSIGN(const std::string bytes, Sealer::Open(key.bytes(), row.sealed, context));
  intake::v1::Fact fact;
  TILTS_CHECK(wire::Parse(bytes, fact));
  return fact;
}

core::Result<std::vector<HeldFactRow>> HeldFactStore::Many(std::string_view where,
                                                           const postgres::Params& params) const {
  TILTS_ASSIGN(const postgres::Rows rows, unit_.Exec(std::string(kColumns) + std::string(where), params));
  std::vector<HeldFactRow> list;
  for (const postgres::Row row : rows) {
    list.push_back({row.Text(0), row.Text(1), row.Text(2), static_cast<std::uint32_t>(row.Int(3)), row.BytesOf(4),
                    row.BytesOf(5), row.BytesOf(6), row.Time(7), row.OptionalTime(8), static_cast<int>(row.Int(9))});
  }
  return list;
}

core::Status HeldFactStore::Put(const HeldFactRow& row) const {
  TILTS_CHECK(unit_.Exec(
      "INSERT INTO held_fact AS old (held_id, institution_id, kind, revision, number_index, sealed, wrapped_key, "
      "held_since, due_at, attempts) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) "
      "ON CONFLICT (held_id) DO UPDATE SET revision = excluded.revision, number_index = excluded.number_index, "
      "sealed = excluded.sealed, wrapped_key = excluded.wrapped_key, due_at = coalesce(excluded.due_at, old.due_at) "
      "WHERE excluded.revision > old.revision",
      {row.held_id, row.institution_id, row.kind, row.revision, postgres::Bytes{row.number_index},
       postgres::Bytes{row.sealed}, postgres::Bytes{row.wrapped_key}, row.held_since, row.due_at}));
  return {};
}

core::Status HeldFactStore::MakeDue(const std::string& institution_id, const std::vector<std::string>& number_indexes,
                                    core::CityTime now) const {
  if (number_indexes.empty()) return {};
  std::vector<std::string> hex;
  hex.reserve(number_indexes.size());
  for (const std::string& index : number_indexes) hex.push_back(crypto::ToHex(index));
  TILTS_CHECK(
      unit_.Exec("UPDATE held_fact SET due_at = $3 WHERE institution_id = $1 AND number_index IN "
                 "(SELECT decode(given, 'hex') FROM unnest($2::text[]) AS given)",
                 {institution_id, hex, now}));
  return {};
}

core::Status HeldFactStore::Remove(const HeldFactRow& row) const {
  TILTS_CHECK(unit_.Exec("DELETE FROM held_fact WHERE held_id = $1 AND revision = $2", {row.held_id, row.revision}));
  return {};
}

core::Status HeldFactStore::Postpone(const HeldFactRow& row, std::optional<core::CityTime> due_at) const {
  // Made due again meanwhile: that stands.
  TILTS_CHECK(
      unit_.Exec("UPDATE held_fact SET due_at = $4, attempts = attempts + 1 WHERE held_id = $1 AND revision = $2 "
                 "AND due_at IS NOT DISTINCT FROM $3",
                 {row.held_id, row.revision, row.due_at, due_at}));
  return {};
}

core::Result<std::vector<HeldFactRow>> HeldFactStore::Due(core::CityTime now, int limit) const {
  return Many("WHERE due_at <= $1 ORDER BY due_at, held_id LIMIT $2", {now, limit});
}

core::Result<std::vector<HeldFactRow>> HeldFactStore::Waiting(const std::string& after_id, int limit) const {
  return Many("WHERE due_at IS NULL AND held_id > $1 ORDER BY held_id LIMIT $2", {after_id, limit});
}

core::Result<std::vector<HeldFactRow>> HeldFactStore::Of(const std::string& institution_id, core::CityTime after_time,
                                                         const std::string& after_id, int limit) const {
  return Many("WHERE institution_id = $1 AND (held_since, held_id) > ($2, $3) ORDER BY held_since, held_id LIMIT $4",
              {institution_id, after_time, after_id, limit});
}

core::Result<HeldFactBacklog> CountHeldFacts(postgres::Database& database, core::CityTime now) {
  TILTS_ASSIGN(const postgres::Rows rows, database.Query("SELECT count(*), count(*) FILTER (WHERE due_at <= $1), "
                                                         "min(due_at) FILTER (WHERE due_at > $1) FROM held_fact",
                                                         {now}));
  const postgres::Row row = rows.front();
  return HeldFactBacklog{static_cast<std::uint64_t>(row.Int(0)), static_cast<std::uint64_t>(row.Int(1)),
                         row.OptionalTime(2)};
}

}  // namespace tilts::case_intake
