#include "referral_routing/adapters/referral_api.hpp"

#include "backbone/audit.hpp"
#include "referral_routing/adapters/sql_store.hpp"
#include "wire/bytes.hpp"
#include "wire/projection.hpp"

namespace tilts::referral_routing {
namespace {

using core::Errc;
using core::Fail;
using core::Result;
using core::Status;
using postgres::UnitOfWork;

constexpr std::size_t kMaxNote = 4'000;
constexpr std::size_t kMaxCode = 64;

PeerCall Within(const rpc::CallContext& call) {
  return {call.call_id, call.traceparent, call.deadline};
}

// An unknown id and a foreign one look the same.
tl::unexpected<core::Error> NoSuchReferral() {
  return Fail(auth::HideWhenDenied(auth::AccessDecision::Deny("UNKNOWN"), "referral").error());
}

Status CheckSizes(const MoveCall& move) {
  std::vector<core::Violation> found;
  if (move.request_id.empty() || move.request_id.size() > kMaxCode) {
    found.push_back({"request_id", "LENGTH", "send an idempotency key of 1 to 64 characters"});
  }
  if (move.note.size() > kMaxNote) found.push_back({"note", "LENGTH", "write at most 4,000 characters"});
  for (const auto& [field, text] : {std::pair{"role", &move.request.role}, std::pair{"unit_id", &move.request.unit}}) {
    if (text->size() > kMaxCode) found.push_back({field, "LENGTH", "use a code of at most 64 characters"});
  }
  for (const std::string& code : move.request.measure_codes) {
    if (code.empty() || code.size() > kMaxCode)
      found.push_back({"measure_codes", "LENGTH", "use codes of 1 to 64 characters"});
  }
  if (found.empty()) return {};
  return Fail(core::Error{Errc::kInvalid, "the request is not well formed", "FIELDS", std::move(found), 0});
}

Result<CaseRecord> ShownCase(SqlStore& store, const core::CaseId& id) {
  TILTS_ASSIGN(auto record, store.LoadCase(id));
  // Chains of merges are short; the bound only keeps broken data from looping.
  for (int step = 0; record && !record->merged_into.empty() && step < 8; ++step) {
    TILTS_ASSIGN(auto next, store.LoadCase(record->merged_into));
    if (!next) break;
    record = std::move(next);
  }
  if (!record) return Fail(Errc::kInternal, "a referral without its case", "CASE_MISSING");
  return *record;
}

}  // namespace

Result<ReferralApi::Found> ReferralApi::Find(const rpc::CallContext& call, const std::string& referral_id,
                                             auth::Touch touch) const {
  auto found = parts_.database.Transact([&](UnitOfWork& unit) -> Result<Found> {
    SqlStore store(unit, Reading::kToShow);
    TILTS_ASSIGN(const auto referral, store.LoadReferral(core::ReferralId(referral_id)));
    if (!referral) return NoSuchReferral();
    TILTS_ASSIGN(CaseRecord record, ShownCase(store, referral->case_id));
    core::PersonId subject = record.subject;
    TILTS_ASSIGN(auto notice, store.LoadNotice(referral->case_id));
    return Found{*referral, std::move(record), std::move(subject), std::move(notice)};
  });
  if (!found) return found;
  const Sight sight = SightOf(found->referral, PartsOf(found->referral, call.principal.institution_id));
  if (sight.decision.allowed) return found;
  TILTS_CHECK(Record(call, found->referral.stream, touch, sight, {"referral/" + referral_id}));
  return NoSuchReferral();
}

Result<referrals::v1::Referral> ReferralApi::Get(const rpc::CallContext& call, const std::string& referral_id) const {
  TILTS_ASSIGN(const Found found, Find(call, referral_id, auth::Touch::kRead));
  const Actor parts = PartsOf(found.referral, call.principal.institution_id);
  const Sight sight = SightOf(found.referral, parts);
  referrals::v1::Referral answer = AnswerOf(found.referral, parts, sight.view);
  if (found.notice) {
    ShowNotice(call, found, answer);
  } else if (sight.shows_case) {
    TILTS_CHECK(ShowCase(call, found, answer));
  }
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find(sight.view));
  TILTS_CHECK(ShowTexts(call, found, answer));
  wire::Project(answer, view);
  TILTS_CHECK(Record(call, found.referral.stream, auth::Touch::kRead, sight,
                     {"referral/" + referral_id, "case/" + found.record.id.value()}));
  return answer;
}

Status ReferralApi::ShowCase(const rpc::CallContext& call, const Found& found, referrals::v1::Referral& answer) const {
  auto shown = parts_.case_views.Show(found.record.id, found.referral.recipient, Within(call));
  if (shown) {
    *answer.mutable_case_view() = std::move(*shown);
  } else {
    // The referral itself is readable while the case register is down.
    parts_.log.Warning("The case behind a referral could not be shown",
                       {{"referral_id", found.referral.id.value()}, {"code", core::ToString(shown.error().code)}});
  }
  return {};
}

// Codes for whoever may see codes; the name only for the recipient of a notice that stands.
void ReferralApi::ShowNotice(const rpc::CallContext& call, const Found& found, referrals::v1::Referral& answer) const {
  referrals::v1::StatutoryNotice& notice = *answer.mutable_notice();
  notice = *found.notice;
  if (answer.view() != kNotice || notice.retracted()) return;
  auto person = parts_.vault.Describe(found.subject, found.referral.recipient, Within(call));
  if (!person) {
    parts_.log.Warning("The learner of a statutory notice could not be named",
                       {{"referral_id", found.referral.id.value()}, {"code", core::ToString(person.error().code)}});
    return;
  }
  notice.set_given_name(std::move(*person->mutable_given_name()));
  notice.set_family_name(std::move(*person->mutable_family_name()));
  notice.set_birth_date(std::move(*person->mutable_birth_date()));
}

Status ReferralApi::ShowTexts(const rpc::CallContext& call, const Found& found, referrals::v1::Referral& answer) const {
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find(answer.view()));
  if (!view.Shows(options::v1::DATA_CLASS_NOTE)) return {};
  TILTS_ASSIGN(const auto rows, parts_.database.Query("SELECT note_id, person_id, sealed, wrapped_key, move FROM note "
                                                      "WHERE referral_id = $1 ORDER BY written_at, note_id",
                                                      {found.referral.id.value()}));
  for (const postgres::Row row : rows) {
    const Notes::Row note{row.Text(0), core::PersonId(row.OptionalText(1).value_or("")), row.BytesOf(2),
                          row.BytesOf(3)};
    const auto text = parts_.notes.Open(note, Within(call));
    if (!text) {
      parts_.log.Warning("A note could not be opened", {{"note_id", note.note_id}, {"reason", text.error().reason}});
      continue;
    }
    const bool is_result = row.Int(4) == static_cast<int>(referral_routing::Move::kComplete);
    (is_result ? *answer.mutable_result() : *answer.mutable_reason()) = *text;
  }
  return {};
}

Result<referrals::v1::Referral> ReferralApi::Move(const rpc::CallContext& call, const MoveCall& move) const {
  TILTS_CHECK(CheckSizes(move));
  TILTS_ASSIGN(const Found found, Find(call, move.referral_id, auth::Touch::kWrite));
  std::optional<SealedNote> note;
  if (!move.note.empty()) note = parts_.notes.Seal(move.note, found.subject, Within(call));
  std::optional<std::pair<Referral, Referral>> changed;
  TILTS_ASSIGN(auto answer, parts_.database.Transact([&](UnitOfWork& unit) {
    return MoveIn(unit, call, move, found.referral.case_id, note, changed);
  }));
  if (changed) parts_.probe.Changed(changed->first, changed->second);
  return answer;
}

Result<referrals::v1::Referral> ReferralApi::MoveIn(UnitOfWork& unit, const rpc::CallContext& call,
                                                    const MoveCall& move, const core::CaseId& case_id,
                                                    const std::optional<SealedNote>& note,
                                                    std::optional<std::pair<Referral, Referral>>& changed) const {
  changed.reset();  // a transaction may run again
  const std::string& institution = call.principal.institution_id;
  TILTS_ASSIGN(const auto seen, parts_.idempotency.Begin(unit, institution, move.request_id, move.body));
  referrals::v1::Referral answer;
  if (seen) {
    TILTS_CHECK(wire::Parse(*seen, answer));
    return answer;
  }
  TILTS_ASSIGN(const auto directory, parts_.directory.Get());
  SqlStore store(unit);
  TILTS_CHECK(store.LockCase(case_id));
  TILTS_ASSIGN(const auto referral, store.LoadReferral(core::ReferralId(move.referral_id)));
  TILTS_ASSIGN(const auto record, store.LoadCase(case_id));
  if (!referral || !record) return NoSuchReferral();
  const Actor parts = PartsOf(*referral, institution);
  if (!SightOf(*referral, parts).decision.allowed) return NoSuchReferral();
  TILTS_CHECK(CheckEtag(*referral, move.etag));
  Desk desk(parts_.data, *directory, store, *record, {call.call_id, call.traceparent, call.now}, parts_.log);
  TILTS_ASSIGN(const Desk::Moved moved,
               desk.Make(*referral, move.request, parts, InstitutionId(institution), note ? note->note_id : ""));
  if (moved.changed && note) TILTS_CHECK(store.InsertNote(referral->id, move.request.move, *note, call.now));
  if (moved.changed) changed.emplace(*referral, moved.referral);
  const Sight sight = SightOf(moved.referral, parts);
  answer = AnswerOf(moved.referral, parts, sight.view);
  std::vector<std::string> objects = desk.touched();
  if (objects.empty()) objects.push_back("referral/" + move.referral_id);
  TILTS_ASSIGN(const events::Draft audit,
               backbone::AuditOfCall(call, kServiceName,
                                     {AuditChain(referral->stream), auth::Touch::kWrite, objects, sight.decision, {}}));
  TILTS_CHECK(unit.Emit(audit));
  TILTS_ASSIGN(const std::string bytes, wire::Serialize(answer));
  TILTS_CHECK(parts_.idempotency.Complete(unit, institution, move.request_id, move.body, bytes, call.now));
  return answer;
}

Status ReferralApi::Record(const rpc::CallContext& call, Stream stream, auth::Touch touch, const Sight& sight,
                           std::vector<std::string> objects) const {
  TILTS_ASSIGN(const events::Draft draft,
               backbone::AuditOfCall(call, kServiceName,
                                     {AuditChain(stream), touch, std::move(objects), sight.decision, sight.view}));
  return parts_.database.Transact([&](UnitOfWork& unit) { return unit.Emit(draft); });
}

}  // namespace tilts::referral_routing
