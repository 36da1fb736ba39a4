#include "case_intake/adapters/tier_desk.hpp"

#include "case_intake/adapters/case_store.hpp"
#include "case_intake/adapters/commands.hpp"
#include "case_intake/adapters/tier_case.hpp"
#include "case_intake/adapters/tier_notes.hpp"
#include "case_intake/adapters/tier_store.hpp"
#include "case_intake/app/tier_contract.hpp"
#include "case_intake/app/tier_publish.hpp"
#include "crypto/random.hpp"
#include "wire/projection.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kFullView[] = "FULL_OWNER";

core::Status HidePupil() {
  return auth::HideWhenDenied(auth::AccessDecision::Deny("NOT_A_PARTY"), "pupil");
}

std::string ObjectOf(const core::PersonId& pupil) {
  return "person/" + pupil.value();
}

// The pupil with what is known of the tier, if the caller's school is whose turn it is: for a nomination the one the
// pupil is enrolled at, else the one the proposal went to (without any, the one of the enrolment).
struct Subject {
  PupilTier state;
  bool known = false;  // by somebody: a refusal is worth a record
  bool own = false;
};

core::Result<Subject> Find(postgres::UnitOfWork& unit, const core::PersonId& pupil, const TierCommand& command) {
  const TierStore tiers(unit);
  Subject subject;
  TILTS_ASSIGN(const std::optional<PupilTier> found, tiers.Lock(pupil));
  core::InstitutionId school = found ? found->institution : core::InstitutionId();
  if (!found || command.move == TierMove::kNominate) {
    TILTS_ASSIGN(school, tiers.SchoolOf(pupil, DayOf(calendar::RigaDate(command.now))));
  }
  subject.state = found.value_or(PupilTier());
  subject.state.pupil = pupil;
  subject.known = found || !school.empty();
  subject.own = !school.empty() && school == command.institution;
  return subject;
}

}  // namespace

core::Result<intake::v1::DecideTierResponse> TierDesk::Decide(const rpc::CallContext& call,
                                                              const intake::v1::DecideTierRequest& request) {
  TILTS_CHECK(RequireInstitution(call));
  const core::InstitutionId institution(call.principal.institution_id);
  TILTS_ASSIGN(const TierCommand command,
               ReadTierCommand(request, institution, core::NoteId(crypto::RandomId()), call.now));
  TILTS_ASSIGN(const auto hold, in_hand_.Take(institution.value(), request.request_id()));
  // Before the vault is asked: its keys are for pupils of the caller and decisions that stand.
  TILTS_ASSIGN(Weighed weighed, office_.database.Transact(
                                    [&](postgres::UnitOfWork& unit) { return Weigh(unit, call, request, command); }));
  if (weighed.decision) {
    std::optional<NoteRow> note;
    if (!command.note.empty()) {
      note = SealTierNote(office_, command.note, core::PersonId(request.pupil_id()), request.note(), call.now,
                          office_.VaultCallOf(call));
    }
    TILTS_ASSIGN(weighed,
                 TransactUntilSettled(office_.database, {CaseStore::kOneOpenCase}, [&](postgres::UnitOfWork& unit) {
                   return File(unit, call, request, command, note);
                 }));
  }
  if (!weighed.answered) TILTS_CHECK(HidePupil());
  if (weighed.decision) probe_.Of(command.move).Add();
  TILTS_ASSIGN(const wire::View view, wire::ViewPolicy::BuiltIn().Find(kFullView));
  wire::Project(*weighed.answered, view);
  return *weighed.answered;
}

core::Result<TierDesk::Weighed> TierDesk::Weigh(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                                const intake::v1::DecideTierRequest& request,
                                                const TierCommand& command) const {
  Weighed weighed;
  TILTS_ASSIGN(weighed.answered, (AnsweredBefore<intake::v1::DecideTierResponse>(unit, office_, call, request,
                                                                                 AuditChain(Stream::kPmp))));
  if (weighed.answered) return weighed;
  const core::PersonId pupil(request.pupil_id());
  TILTS_ASSIGN(const Subject subject, Find(unit, pupil, command));
  if (subject.own) {
    TILTS_ASSIGN(weighed.decision, DecideTier(subject.state, command));
  } else if (subject.known) {
    TILTS_CHECK(Audit(unit, call,
                      {AuditChain(Stream::kPmp),
                       auth::Touch::kWrite,
                       {ObjectOf(pupil)},
                       auth::AccessDecision::Deny("NOT_A_PARTY"),
                       {}}));
  }
  return weighed;
}

core::Result<TierDesk::Weighed> TierDesk::File(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                               const intake::v1::DecideTierRequest& request, const TierCommand& command,
                                               const std::optional<NoteRow>& note) const {
  TILTS_ASSIGN(Weighed weighed, Weigh(unit, call, request, command));
  if (!weighed.decision) return weighed;
  TILTS_CHECK(Keep(unit, call, *weighed.decision, note));
  intake::v1::DecideTierResponse response;
  *response.mutable_tier() = ToProto(weighed.decision->after);
  TILTS_CHECK(Remember(unit, office_, call, request, response));
  weighed.answered = std::move(response);
  return weighed;
}

core::Status TierDesk::Keep(postgres::UnitOfWork& unit, const rpc::CallContext& call, TierDecision& decision,
                            const std::optional<NoteRow>& note) const {
  PupilTier& after = decision.after;
  std::vector<std::string> touched{ObjectOf(after.pupil)};
  const Occasion occasion = office_.OccasionOf(call);
  if (decision.opens_case) {
    Occasion of_case = occasion;
    of_case.cause_id = TierEventId(after).value();
    TILTS_ASSIGN(after.verdict.case_id, ReportTier(unit, office_, decision, note, of_case));
    touched.push_back("case/" + after.verdict.case_id.value());
  } else if (note) {
    TILTS_CHECK(InsertTierNote(unit, after.pupil, *note));
  }
  TILTS_CHECK(TierStore(unit).Put(after));
  const std::shared_ptr<const Rules> rules = office_.rules.Current();
  const Institution* school = rules->institutions.Find(after.institution.value());
  TILTS_ASSIGN(const events::Draft decided,
               DraftOf(decision, school == nullptr ? std::string() : school->municipality, occasion));
  TILTS_CHECK(unit.Emit(decided));
  return Audit(
      unit, call,
      {AuditChain(Stream::kPmp), auth::Touch::kWrite, std::move(touched), auth::AccessDecision::Allow("SCHOOL"), {}});
}

}  // namespace tilts::case_intake
