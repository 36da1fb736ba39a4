#include "case_intake/adapters/case_store.hpp"

#include "case_intake/app/contract.hpp"
#include "wire/bytes.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kColumns[] =
    "SELECT case_id, state, subject_id, previous_case_id, merged_into_id, facts, opened_at, closed_at, outcome, "
    "open_referrals, sequence, version FROM case_file ";

core::Result<Case> FromRow(const postgres::Row& row) {
  Case current;
  current.id = core::CaseId(row.Text(0));
  current.state = static_cast<CaseState>(row.Int(1));
  current.subject = core::PersonId(row.OptionalText(2).value_or(""));
  current.previous_case = core::CaseId(row.OptionalText(3).value_or(""));
  current.merged_into = core::CaseId(row.OptionalText(4).value_or(""));
  cases::v1::CaseFacts facts;
  TILTS_CHECK(wire::Parse(row.BytesOf(5), facts));
  current.facts = FromProto(facts);
  current.opened_at = row.Time(6);
  current.closed_at = row.OptionalTime(7);
  current.outcome = static_cast<Outcome>(row.Int(8));
  current.open_referrals = static_cast<std::uint32_t>(row.Int(9));
  current.sequence = static_cast<std::uint64_t>(row.Int(10));
  current.version = static_cast<std::uint64_t>(row.Int(11));
  return current;
}

template <typename Id>
std::optional<std::string> OrNull(const Id& id) {
  return id.empty() ? std::nullopt : std::optional(id.value());
}

core::Result<postgres::Params> ParamsOf(const Case& current) {
  TILTS_ASSIGN(const std::string facts, wire::Serialize(ToProto(current.facts)));
  return postgres::Params{current.id.value(),
                          static_cast<int>(current.facts.stream),
                          static_cast<int>(current.state),
                          OrNull(current.subject),
                          current.facts.coordinator_id,
                          OrNull(current.previous_case),
                          OrNull(current.merged_into),
                          postgres::Bytes{facts},
                          current.opened_at,
                          current.closed_at,
                          static_cast<int>(current.outcome),
                          current.open_referrals,
                          current.sequence,
                          current.version};
}

}  // namespace

core::Result<std::optional<Case>> CaseStore::One(std::string_view where, const postgres::Params& params) const {
  TILTS_ASSIGN(const postgres::Rows rows, unit_.Exec(std::string(kColumns) + std::string(where), params));
  if (rows.empty()) return std::nullopt;
  TILTS_ASSIGN(Case current, FromRow(rows.front()));
  return current;
}

core::Result<std::optional<Case>> CaseStore::Find(const core::CaseId& id) const {
  return One("WHERE case_id = $1", {id.value()});
}

core::Result<std::optional<Case>> CaseStore::Lock(const core::CaseId& id) const {
  return One("WHERE case_id = $1 FOR UPDATE", {id.value()});
}

core::Result<std::optional<Case>> CaseStore::LockOpen(const core::PersonId& subject, Stream stream) const {
  return One("WHERE subject_id = $1 AND stream = $2 AND state IN (1, 2, 3) FOR UPDATE",
             {subject.value(), static_cast<int>(stream)});
}

core::Result<core::CaseId> CaseStore::LastClosed(const core::PersonId& subject, Stream stream) const {
  TILTS_ASSIGN(const std::optional<Case> found,
               One("WHERE subject_id = $1 AND stream = $2 AND state = 4 ORDER BY closed_at DESC, case_id LIMIT 1",
                   {subject.value(), static_cast<int>(stream)}));
  return found ? found->id : core::CaseId();
}

core::Result<bool> CaseStore::OtherFileExists(const Case& current) const {
  if (current.subject.empty()) return false;
  TILTS_ASSIGN(const postgres::Rows rows,
               unit_.Exec("SELECT EXISTS (SELECT 1 FROM case_file WHERE subject_id = $1 AND stream <> $2 "
                          "AND state IN (1, 2, 3))",
                          {current.subject.value(), static_cast<int>(current.facts.stream)}));
  return rows.front().Bool(0);
}

core::Result<std::vector<Case>> CaseStore::ListOf(const core::InstitutionId& coordinator, CaseState state,
                                                  const std::optional<CaseCursor>& after, int limit) const {
  const std::optional<core::CityTime> before = after ? std::optional(after->opened_at) : std::nullopt;
  const std::string before_id = after ? after->id.value() : std::string();
  TILTS_ASSIGN(const postgres::Rows rows,
               unit_.Exec(std::string(kColumns) +
                              "WHERE coordinator_id = $1 AND ($2 = 0 OR state = $2) "
                              "AND ($3::timestamptz IS NULL OR (opened_at, case_id) < ($3::timestamptz, $4)) "
                              "ORDER BY opened_at DESC, case_id DESC LIMIT $5",
                          {coordinator.value(), static_cast<int>(state), before, before_id, limit}));
  std::vector<Case> list;
  for (const postgres::Row row : rows) {
    TILTS_ASSIGN(Case current, FromRow(row));
    list.push_back(std::move(current));
  }
  return list;
}

core::Status CaseStore::Insert(const Case& current) const {
  TILTS_ASSIGN(const postgres::Params params, ParamsOf(current));
  TILTS_CHECK(
      unit_.Exec("INSERT INTO case_file (case_id, stream, state, subject_id, coordinator_id, previous_case_id, "
                 "merged_into_id, facts, opened_at, closed_at, outcome, open_referrals, sequence, version) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                 params));
  return {};
}

core::Status CaseStore::Update(const Case& current) const {
  TILTS_ASSIGN(const postgres::Params params, ParamsOf(current));
  TILTS_CHECK(
      unit_.Exec("UPDATE case_file SET stream = $2, state = $3, subject_id = $4, coordinator_id = $5, "
                 "previous_case_id = $6, merged_into_id = $7, facts = $8, opened_at = $9, closed_at = $10, "
                 "outcome = $11, open_referrals = $12, sequence = $13, version = $14 WHERE case_id = $1",
                 params));
  return {};
}

core::Result<std::optional<ReferralRow>> FindReferral(postgres::UnitOfWork& unit, const core::ReferralId& id) {
  TILTS_ASSIGN(
      const postgres::Rows rows,
      unit.Exec("SELECT case_id, sequence, open, accepted FROM case_referral WHERE referral_id = $1 FOR UPDATE",
                {id.value()}));
  if (rows.empty()) return std::nullopt;
  const postgres::Row row = rows.front();
  return ReferralRow{core::CaseId(row.Text(0)), {static_cast<std::uint64_t>(row.Int(1)), row.Bool(2), row.Bool(3)}};
}

core::Status PutReferral(postgres::UnitOfWork& unit, const core::ReferralId& id, const ReferralRow& row) {
  TILTS_CHECK(
      unit.Exec("INSERT INTO case_referral (referral_id, case_id, sequence, open, accepted) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (referral_id) DO UPDATE "
                "SET case_id = $2, sequence = $3, open = $4, accepted = $5",
                {id.value(), row.case_id.value(), row.picture.sequence, row.picture.open, row.picture.accepted}));
  return {};
}

}  // namespace tilts::case_intake
