#include "indicator_aggregation/adapters/reconciliation.hpp"

#include <map>

#include "core/sha256.hpp"
#include "indicator_aggregation/domain/row.hpp"

namespace tilts::indicator_aggregation {
namespace {

constexpr int kMostPupils = 500;

// Only what institutions send; decisions are not a sender's facts.
const std::map<int, std::string>& KindNames() {
  static const std::map<int, std::string> names = {{static_cast<int>(RowKind::kConsultation), "consultation"},
                                                   {static_cast<int>(RowKind::kSupportMeasure), "support-measure"},
                                                   {static_cast<int>(RowKind::kEnrolment), "enrolment"},
                                                   {static_cast<int>(RowKind::kAttendance), "attendance"},
                                                   {static_cast<int>(RowKind::kResult), "result"},
                                                   {static_cast<int>(RowKind::kRepetition), "repetition"},
                                                   {static_cast<int>(RowKind::kBehaviour), "behaviour"}};
  return names;
}

struct Arrived {
  std::uint64_t records = 0;
  std::uint64_t withdrawn = 0;
  std::string bytes;  // what the digest is of
};

core::Result<std::map<std::string, Arrived>> ArrivedOf(postgres::UnitOfWork& unit, const std::string& institution_id,
                                                       int day) {
  TILTS_ASSIGN(
      const auto rows,
      unit.Exec("SELECT kind, record_id, revision, withdrawn FROM (SELECT kind, record_id, revision, withdrawn "
                "FROM fact_row WHERE institution_id = $1 AND day = $2 UNION ALL SELECT 8, record_id, "
                "revision, withdrawn FROM attendance_row WHERE institution_id = $1 AND day = $2) arrived "
                "ORDER BY record_id",
                {institution_id, day}));
  std::map<std::string, Arrived> kinds;
  for (const postgres::Row row : rows) {
    const auto name = KindNames().find(static_cast<int>(row.Int(0)));
    if (name == KindNames().end()) continue;
    Arrived& arrived = kinds[name->second];
    const auto revision = row.Int(2);
    ++arrived.records;
    if (row.Bool(3)) ++arrived.withdrawn;
    arrived.bytes += row.BytesOf(1);
    arrived.bytes += static_cast<char>(revision >> 8);
    arrived.bytes += static_cast<char>(revision & 0xff);
  }
  return kinds;
}

// Enrolled that day: some not withdrawn enrolment covers it.
constexpr char kEnrolled[] =
    "SELECT DISTINCT subject_id FROM fact_row WHERE kind = 3 AND institution_id = $1 AND NOT withdrawn AND day <= $2 "
    "AND (to_day = 0 OR to_day >= $2)";
constexpr char kAttended[] =
    "SELECT pupil_id FROM attendance_row WHERE institution_id = $1 AND day = $2 AND NOT withdrawn";

core::Result<bool> IsSchoolDay(postgres::UnitOfWork& unit, const std::string& institution_id, int day) {
  TILTS_ASSIGN(const auto rows, unit.Exec("SELECT EXISTS (SELECT 1 FROM school_day WHERE day = $2) OR EXISTS (" +
                                              std::string(kAttended) + ")",
                                          {institution_id, day}));
  return rows.front().Bool(0);
}

}  // namespace

core::Result<indicators::v1::ReconcileDayResponse> Reconcile(postgres::UnitOfWork& unit,
                                                             const std::string& institution_id, int day) {
  indicators::v1::ReconcileDayResponse answer;
  answer.set_institution_id(institution_id);
  TILTS_ASSIGN(const auto kinds, ArrivedOf(unit, institution_id, day));
  for (const auto& [name, arrived] : kinds) {
    auto& kind = *answer.add_kinds();
    kind.set_kind(name);
    kind.set_records(arrived.records);
    kind.set_withdrawn(arrived.withdrawn);
    kind.set_digest(core::Hex(core::Sha256(arrived.bytes)));
  }
  TILTS_ASSIGN(const auto enrolled,
               unit.Exec("SELECT count(*) FROM (" + std::string(kEnrolled) + ") e", {institution_id, day}));
  answer.set_enrolled(static_cast<std::uint64_t>(enrolled.front().Int(0)));
  TILTS_ASSIGN(const bool school_day, IsSchoolDay(unit, institution_id, day));
  if (!school_day) return answer;
  TILTS_ASSIGN(const auto absent, unit.Exec("SELECT subject_id FROM (" + std::string(kEnrolled) +
                                                ") e WHERE subject_id NOT IN (" + kAttended + ") ORDER BY 1",
                                            {institution_id, day}));
  answer.set_without_attendance(absent.size());
  for (std::size_t i = 0; i < absent.size() && i < kMostPupils; ++i) {
    answer.add_pupil_ids_without_attendance(absent[i].Text(0));
  }
  return answer;
}

}  // namespace tilts::indicator_aggregation
