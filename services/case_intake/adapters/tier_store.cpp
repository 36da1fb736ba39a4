#include "case_intake/adapters/tier_store.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kColumns[] =
    "SELECT pupil_id, institution_id, proposed_tier, points, material_digest, as_of_day, proposal_id, "
    "proposal_sequence, card_id, card_version, domains, proposed_at, decision, decided_tier, reason, role, decided_by, "
    "decided_at, decided_digest, note_id, case_id, sequence FROM tier ";

constexpr char kPut[] =
    "INSERT INTO tier AS old (pupil_id, institution_id, proposed_tier, points, material_digest, as_of_day, "
    "proposal_id, proposal_sequence, card_id, card_version, domains, proposed_at, decision, decided_tier, reason, "
    "role, "
    "decided_by, decided_at, decided_digest, note_id, case_id, open, sequence, revision) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, "
    "1) ON CONFLICT (pupil_id) DO UPDATE SET institution_id = $2, proposed_tier = $3, points = $4, "
    "material_digest = $5, as_of_day = $6, proposal_id = $7, proposal_sequence = $8, card_id = $9, card_version = $10, "
    "domains = $11, proposed_at = $12, decision = $13, decided_tier = $14, reason = $15, role = $16, decided_by = $17, "
    "decided_at = $18, decided_digest = $19, note_id = $20, case_id = $21, open = $22, sequence = $23, "
    "revision = old.revision + 1";

TierProposal ProposalFrom(const postgres::Row& row) {
  TierProposal proposal;
  proposal.tier = static_cast<std::uint32_t>(row.Int(2));
  proposal.points = static_cast<std::int32_t>(row.Int(3));
  proposal.material_digest = row.Text(4);
  proposal.as_of_day = static_cast<std::int32_t>(row.Int(5));
  proposal.id = core::EventId(row.Text(6));
  proposal.sequence = static_cast<std::uint64_t>(row.Int(7));
  proposal.card_id = row.Text(8);
  proposal.card_version = static_cast<std::uint32_t>(row.Int(9));
  proposal.domains = row.Texts(10);
  if (proposal.tier > 0) proposal.at = row.Time(11);
  return proposal;
}

TierVerdict VerdictFrom(const postgres::Row& row) {
  TierVerdict verdict;
  verdict.move = static_cast<TierMove>(row.Int(12));
  verdict.tier = static_cast<std::uint32_t>(row.Int(13));
  verdict.reason = static_cast<TierReason>(row.Int(14));
  verdict.role = row.Text(15);
  verdict.institution = core::InstitutionId(row.Text(16));
  verdict.at = row.OptionalTime(17).value_or(core::CityTime());
  verdict.material_digest = row.Text(18);
  verdict.note = core::NoteId(row.Text(19));
  verdict.case_id = core::CaseId(row.Text(20));
  return verdict;
}

PupilTier From(const postgres::Row& row) {
  PupilTier state;
  state.pupil = core::PersonId(row.Text(0));
  state.institution = core::InstitutionId(row.Text(1));
  state.proposal = ProposalFrom(row);
  state.verdict = VerdictFrom(row);
  state.sequence = static_cast<std::uint64_t>(row.Int(21));
  return state;
}

}  // namespace

core::CityTime ListedAt(const PupilTier& state) {
  return state.proposal.tier > 0 ? state.proposal.at : state.verdict.at;
}

core::Result<std::optional<PupilTier>> TierStore::Lock(const core::PersonId& pupil) const {
  // Also while there is no row yet: a first proposal and a nomination may meet.
  TILTS_CHECK(unit_.Lock("tier", pupil.value()));
  TILTS_ASSIGN(const postgres::Rows rows,
               unit_.Exec(std::string(kColumns) + "WHERE pupil_id = $1 FOR UPDATE", {pupil.value()}));
  if (rows.empty()) return std::nullopt;
  return From(rows.front());
}

core::Status TierStore::Put(const PupilTier& state) const {
  const TierProposal& proposal = state.proposal;
  const TierVerdict& verdict = state.verdict;
  const auto decided_at = state.Decided() ? std::optional(verdict.at) : std::nullopt;
  TILTS_CHECK(unit_.Exec(kPut, {state.pupil.value(),
                                state.institution.value(),
                                proposal.tier,
                                proposal.points,
                                proposal.material_digest,
                                proposal.as_of_day,
                                proposal.id.value(),
                                proposal.sequence,
                                proposal.card_id,
                                proposal.card_version,
                                proposal.domains,
                                ListedAt(state),
                                static_cast<int>(verdict.move),
                                verdict.tier,
                                static_cast<int>(verdict.reason),
                                verdict.role,
                                verdict.institution.value(),
                                decided_at,
                                verdict.material_digest,
                                verdict.note.value(),
                                verdict.case_id.value(),
                                state.Open(),
                                state.sequence}));
  return {};
}

core::Result<std::vector<PupilTier>> TierStore::ListOf(const core::InstitutionId& institution, bool only_undecided,
                                                       const std::optional<TierCursor>& after, int limit) const {
  const std::optional<core::CityTime> before = after ? std::optional(after->at) : std::nullopt;
  const std::string before_pupil = after ? after->pupil.value() : std::string();
  TILTS_ASSIGN(const postgres::Rows rows,
               unit_.Exec(std::string(kColumns) +
                              "WHERE institution_id = $1 AND (proposed_tier >= 2 OR decision <> 0) "
                              "AND (open OR NOT $2::boolean) "
                              "AND ($3::timestamptz IS NULL OR (proposed_at, pupil_id) < ($3::timestamptz, $4)) "
                              "ORDER BY proposed_at DESC, pupil_id DESC LIMIT $5",
                          {institution.value(), only_undecided, before, before_pupil, limit}));
  std::vector<PupilTier> list;
  for (const postgres::Row row : rows) list.push_back(From(row));
  return list;
}

core::Result<core::InstitutionId> TierStore::SchoolOf(const core::PersonId& pupil, Day day) const {
  TILTS_ASSIGN(const postgres::Rows rows,
               unit_.Exec("SELECT institution_id FROM enrolment WHERE person_id = $1 AND NOT withdrawn "
                          "AND from_day <= $2 AND (to_day = 0 OR $2 <= to_day) "
                          "ORDER BY from_day DESC, institution_id LIMIT 1",
                          {pupil.value(), day}));
  return rows.empty() ? core::InstitutionId() : core::InstitutionId(rows.front().Text(0));
}

}  // namespace tilts::case_intake
