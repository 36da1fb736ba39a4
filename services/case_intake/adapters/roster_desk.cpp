#include "case_intake/adapters/roster_desk.hpp"

#include "case_intake/adapters/commands.hpp"
#include "case_intake/adapters/held_fact_store.hpp"
#include "case_intake/adapters/pupil_enrolment_store.hpp"
#include "case_intake/app/contract.hpp"
#include "case_intake/app/fact_reading.hpp"
#include "case_intake/app/roster_reading.hpp"
#include "wire/json.hpp"
#include "wire/time.hpp"

namespace tilts::case_intake {
namespace {

// What the vault takes in one call.
constexpr std::size_t kMostPeople = 500;
constexpr char kLock[] = "roster";

core::Status CannotAsk() {
  return core::Fail(core::Errc::kUnavailable, "the registry of pupil numbers cannot be asked; send the roster again",
                    "VAULT_UNAVAILABLE");
}

}  // namespace

// A roster on its way into the table.
struct RosterDesk::Roll {
  const intake::v1::PushRosterRequest& request;
  ReadRoster read;

  const intake::v1::RosterEntry& EntryOf(std::size_t pupil) const {
    return request.pupils(static_cast<int>(read.places[pupil]));
  }
};

core::Status RosterDesk::FindPupils(const rpc::CallContext& call, Roll& roll) const {
  std::vector<PupilQuestion> questions;
  for (std::size_t i = 0; i < roll.read.pupils.size(); ++i) {
    questions.push_back({roll.EntryOf(i).pupil_number(), roll.read.day});
  }
  std::vector<std::size_t> newcomers;
  const auto answers = facts_.pupils.Find(call.principal.institution_id, questions, facts_.office.VaultCallOf(call));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i].kind == PupilAnswer::Kind::kUnasked) return CannotAsk();
    roll.read.pupils[i].person_id = answers[i].pupil.person_id;
    if (roll.read.pupils[i].person_id.empty()) newcomers.push_back(i);
  }
  for (std::size_t from = 0; from < newcomers.size(); from += kMostPeople) {
    const auto begin = newcomers.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = begin + static_cast<std::ptrdiff_t>(std::min(kMostPeople, newcomers.size() - from));
    TILTS_CHECK(ResolveNewcomers(call, roll, {begin, end}));
  }
  return {};
}

core::Status RosterDesk::ResolveNewcomers(const rpc::CallContext& call, Roll& roll,
                                          const std::vector<std::size_t>& newcomers) const {
  const std::string& institution = call.principal.institution_id;
  registry::v1::ResolvePersonsRequest request;
  request.set_institution_id(institution);
  request.set_enrolment(true);
  *request.mutable_occurred_at() = wire::ToTimestamp(calendar::StartOfDay(DateOf(roll.read.day)));
  for (const std::size_t i : newcomers) {
    const intake::v1::RosterEntry& entry = roll.EntryOf(i);
    *request.add_people() = PersonToResolve(entry.person(), entry.pupil_number(), institution);
  }
  TILTS_ASSIGN(const std::string content, wire::ToJson(request));
  request.set_request_id(facts_.keys.VaultRequestId(content));
  const auto answer = facts_.office.vault.Resolve(request, facts_.office.VaultCallOf(call));
  if (!answer) return CannotAsk();
  for (std::size_t i = 0; i < newcomers.size(); ++i) {
    roll.read.pupils[newcomers[i]].person_id = answer->people(static_cast<int>(i)).person_id();
  }
  return {};
}

core::Result<intake::v1::PushRosterResponse> RosterDesk::File(postgres::UnitOfWork& unit, const rpc::CallContext& call,
                                                              const intake::v1::PushRosterRequest& request,
                                                              const Roll& roll) const {
  using Response = intake::v1::PushRosterResponse;
  TILTS_ASSIGN(const auto before, AnsweredBefore<Response>(unit, facts_.office, call, request, kFactAuditChain));
  if (before) return *before;
  const std::string& institution = call.principal.institution_id;
  TILTS_CHECK(unit.Lock(kLock, institution));
  const EnrolmentStore store(unit, institution);
  TILTS_ASSIGN(const std::vector<Enrolment> known, store.All());
  const RosterDifference difference =
      DifferenceOf(known, roll.read.pupils, roll.read.day, roll.read.complete, [&](std::size_t pupil, Day from) {
        return facts_.keys.EnrolmentRecordId(institution, roll.EntryOf(pupil).pupil_number(), from);
      });
  std::vector<Enrolment> rows = difference.started;
  rows.insert(rows.end(), difference.ended.begin(), difference.ended.end());
  rows.insert(rows.end(), difference.changed.begin(), difference.changed.end());
  if (!rows.empty()) TILTS_CHECK(store.Apply(rows));
  TILTS_CHECK(store.Confirm(difference.confirmed, roll.read.day));
  const FactOrigin origin = facts_.OriginOf(institution, call.call_id, call.traceparent, call.now);
  std::vector<events::Draft> drafts;
  for (const Enrolment& row : rows) {
    TILTS_ASSIGN(events::Draft draft, DraftOf(row, origin));
    drafts.push_back(std::move(draft));
  }
  TILTS_CHECK(unit.Emit(drafts));
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < roll.read.pupils.size(); ++i) {
    numbers.push_back(facts_.keys.NumberIndex(institution, roll.EntryOf(i).pupil_number()));
  }
  TILTS_CHECK(HeldFactStore(unit).MakeDue(institution, numbers, call.now));

  Response response;
  response.set_started(static_cast<std::uint32_t>(difference.started.size()));
  response.set_ended(static_cast<std::uint32_t>(difference.ended.size()));
  response.set_changed(static_cast<std::uint32_t>(difference.changed.size()));
  response.set_unchanged(static_cast<std::uint32_t>(difference.unchanged));
  SetViolations(roll.read.violations, response.mutable_violations());
  std::vector<Warning> warnings;
  if (difference.endings_skipped) warnings.push_back({"pupils", fact_warning::kEndingsSkipped});
  for (const std::size_t pupil : difference.kept) {
    warnings.push_back({"pupils[" + std::to_string(roll.read.places[pupil]) + "]", fact_warning::kLaterChangeKept});
  }
  SetWarnings(warnings, response.mutable_warnings());
  TILTS_CHECK(Audit(unit, call,
                    {kFactAuditChain,
                     auth::Touch::kWrite,
                     {"enrolments-written/" + std::to_string(rows.size())},
                     auth::AccessDecision::Allow("OWN_PUPILS"),
                     {}}));
  TILTS_CHECK(Remember(unit, facts_.office, call, request, response));
  return response;
}

core::Result<intake::v1::PushRosterResponse> RosterDesk::Push(const rpc::CallContext& call,
                                                              const intake::v1::PushRosterRequest& request) {
  using Response = intake::v1::PushRosterResponse;
  TILTS_CHECK(RequireInstitution(call));
  Roll roll{request, {}};
  TILTS_ASSIGN(roll.read, Read(request, FactDaysOn(calendar::RigaDate(call.now))));
  TILTS_ASSIGN(const auto hold, in_hand_.Take(call.principal.institution_id, request.request_id()));
  // Before the vault is asked: a repeated roster must not ask for persons.
  TILTS_ASSIGN(const auto before, facts_.office.database.Transact([&](postgres::UnitOfWork& unit) {
    return AnsweredBefore<Response>(unit, facts_.office, call, request, kFactAuditChain);
  }));
  if (before) return *before;
  TILTS_CHECK(FindPupils(call, roll));
  TILTS_ASSIGN(const Response response, facts_.office.database.Transact([&](postgres::UnitOfWork& unit) {
    return File(unit, call, request, roll);
  }));
  for (std::size_t i = 0; i < roll.read.pupils.size(); ++i) {
    facts_.pupils.cache().Forget(call.principal.institution_id, roll.EntryOf(i).pupil_number());
  }
  facts_.wake();
  return response;
}

}  // namespace tilts::case_intake
