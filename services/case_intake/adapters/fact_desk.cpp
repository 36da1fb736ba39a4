#include "case_intake/adapters/fact_desk.hpp"

#include <unordered_map>

#include "case_intake/adapters/commands.hpp"
#include "case_intake/app/contract.hpp"
#include "case_intake/app/fact_reading.hpp"

namespace tilts::case_intake {

struct FactDesk::Item {
  std::string event_id;
  std::vector<core::Violation> violations;
  FactInHand in_hand;
};

std::vector<FactDesk::Item> FactDesk::Read(const rpc::CallContext& call,
                                           const intake::v1::PushFactsRequest& request) const {
  const FactDays days = FactDaysOn(calendar::RigaDate(call.now));
  const std::optional<calendar::Calendar> schools = facts_.school_days.Current();
  const std::string& institution = call.principal.institution_id;
  std::vector<Item> items(static_cast<std::size_t>(request.facts_size()));
  std::unordered_map<std::string, const Fact*> seen;
  for (int i = 0; i < request.facts_size(); ++i) {
    const intake::v1::Fact& sent = request.facts(i);
    Item& item = items[static_cast<std::size_t>(i)];
    FactInHand& in_hand = item.in_hand;
    in_hand.sent = &sent;
    in_hand.path = "facts[" + std::to_string(i) + "]";
    in_hand.fact = FromProto(sent);
    item.violations = CheckFact(in_hand.fact, in_hand.path, days);
    if (sent.has_enrolment()) {
      const auto more = CheckPerson(sent.enrolment().person(), in_hand.path + ".enrolment.person");
      item.violations.insert(item.violations.end(), more.begin(), more.end());
    }
    if (sent.event_id().empty() || IsEventId(sent.event_id())) {
      item.event_id = sent.event_id();
    } else {
      item.violations.push_back({in_hand.path + ".event_id", "FORMAT", "Use 1 to 128 printable characters, or none"});
    }
    if (!item.violations.empty()) continue;
    in_hand.warnings = DoubtsOf(in_hand.fact, in_hand.path, schools);
    std::string record = facts_.keys.HeldId(in_hand.fact, institution);
    if (!IsSupport(in_hand.fact)) in_hand.record_id = record;
    record += "/" + std::to_string(in_hand.fact.revision);
    const auto [first, added] = seen.try_emplace(std::move(record), &in_hand.fact);
    if (!added && !(*first->second == in_hand.fact)) {
      in_hand.warnings.push_back({in_hand.path + ".revision", fact_warning::kSameRecordTwice});
    }
  }
  return items;
}

core::Result<HeldFactRow> HeldRowOf(const FactOffice& facts, const std::string& institution_id, const FactInHand& item,
                                    core::CityTime now) {
  HeldFactRow row;
  row.held_id = facts.keys.HeldId(item.fact, institution_id);
  row.institution_id = institution_id;
  row.kind = std::string(KindOf(item.fact));
  row.revision = item.fact.revision;
  row.number_index = facts.keys.NumberIndex(institution_id, item.fact.pupil_number);
  row.held_since = now;
  if (item.fate == FactInHand::Fate::kUnasked) row.due_at = now;
  TILTS_CHECK(SealInto(row, facts.office.sealer, *item.sent));
  return row;
}

core::Status FactDesk::Hold(const rpc::CallContext& call, const std::vector<Item>& items) const {
  std::vector<HeldFactRow> rows;
  for (const Item& item : items) {
    if (!item.in_hand.held()) continue;
    TILTS_ASSIGN(HeldFactRow row, HeldRowOf(facts_, call.principal.institution_id, item.in_hand, call.now));
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return {};
  return facts_.office.database.Transact([&](postgres::UnitOfWork& unit) -> core::Status {
    for (const HeldFactRow& row : rows) TILTS_CHECK(HeldFactStore(unit).Put(row));
    return {};
  });
}

intake::v1::PushFactsResponse FactDesk::AnswerOf(const std::vector<Item>& items) const {
  intake::v1::PushFactsResponse response;
  for (const Item& item : items) {
    intake::v1::FactResult& result = *response.add_results();
    result.set_event_id(item.event_id);
    if (!item.violations.empty()) {
      result.set_status(intake::v1::FACT_STATUS_REFUSED);
      SetViolations(item.violations, result.mutable_violations());
      response.set_refused(response.refused() + 1);
      continue;
    }
    std::vector<Warning> warnings = item.in_hand.warnings;
    if (item.in_hand.held()) {
      const bool unknown = item.in_hand.fate == FactInHand::Fate::kUnknown;
      warnings.push_back(
          {item.in_hand.path + ".pupil_number", unknown ? fact_warning::kPupilHeld : warning::kVaultUnavailable});
      result.set_status(intake::v1::FACT_STATUS_HELD);
      response.set_held(response.held() + 1);
    } else {
      result.set_status(intake::v1::FACT_STATUS_ACCEPTED);
      response.set_accepted(response.accepted() + 1);
    }
    result.set_record_id(item.in_hand.record_id);
    SetWarnings(warnings, result.mutable_warnings());
  }
  return response;
}

// The facts and the call's audit record in one go: the answer leaves when the broker has all of them.
core::Status FactDesk::Publish(const rpc::CallContext& call, std::vector<Item>& items,
                               const intake::v1::PushFactsResponse& response) const {
  std::vector<events::Draft> drafts;
  for (Item& item : items) {
    if (item.in_hand.draft) drafts.push_back(std::move(*item.in_hand.draft));
  }
  TILTS_ASSIGN(events::Draft audit, backbone::AuditOfCall(call, kServiceName,
                                                          {kFactAuditChain,
                                                           auth::Touch::kWrite,
                                                           {"facts-accepted/" + std::to_string(response.accepted()),
                                                            "facts-held/" + std::to_string(response.held()),
                                                            "facts-refused/" + std::to_string(response.refused())},
                                                           auth::AccessDecision::Allow("OWN_PUPILS"),
                                                           {}}));
  drafts.push_back(std::move(audit));
  return facts_.publisher.Publish(drafts);
}

core::Result<intake::v1::PushFactsResponse> FactDesk::Push(const rpc::CallContext& call,
                                                           const intake::v1::PushFactsRequest& request) const {
  TILTS_CHECK(RequireInstitution(call));
  TILTS_CHECK(CheckBatch("facts", request.facts_size(), kMostFacts));
  std::vector<Item> items = Read(call, request);
  std::vector<FactInHand*> sound;
  for (Item& item : items) {
    if (item.violations.empty()) sound.push_back(&item.in_hand);
  }
  const FactOrigin origin = facts_.OriginOf(call.principal.institution_id, call.call_id, call.traceparent, call.now);
  TILTS_CHECK(PlaceFacts(facts_, {origin, [&] { return facts_.office.VaultCallOf(call); }}, sound));
  for (Item& item : items) {
    if (item.in_hand.fate != FactInHand::Fate::kClosed) continue;
    item.violations.push_back({DayPath(item.in_hand.fact, item.in_hand.path), "YEAR_CLOSED",
                               "The figures of that school year are final: nothing is added to them"});
  }
  TILTS_CHECK(Hold(call, items));
  intake::v1::PushFactsResponse response = AnswerOf(items);
  TILTS_CHECK(Publish(call, items, response));
  facts_.probe.accepted.Add(response.accepted());
  facts_.probe.held.Add(response.held());
  facts_.probe.refused.Add(response.refused());
  return response;
}

core::Result<intake::v1::LookUpPupilsResponse> FactDesk::LookUp(const rpc::CallContext& call,
                                                                const intake::v1::LookUpPupilsRequest& request) const {
  TILTS_CHECK(RequireInstitution(call));
  TILTS_CHECK(CheckBatch("pupil_numbers", request.pupil_numbers_size(), kMostPupilNumbers));
  const Day today = DayOf(calendar::RigaDate(call.now));
  std::vector<PupilQuestion> questions;
  for (int i = 0; i < request.pupil_numbers_size(); ++i) {
    if (!IsPupilNumber(request.pupil_numbers(i))) {
      core::Error error{core::Errc::kInvalid, "A pupil number cannot be one", "REQUEST_INVALID", {}, 0};
      error.violations.push_back({"pupil_numbers[" + std::to_string(i) + "]", "NUMBER_FORMAT",
                                  "Send 1 to 64 of A-Z a-z 0-9 . _ / - and spaces inside"});
      return core::Fail(std::move(error));
    }
    questions.push_back({request.pupil_numbers(i), today});
  }
  intake::v1::LookUpPupilsResponse response;
  auth::AuditFacts audit{kFactAuditChain, auth::Touch::kRead, {}, auth::AccessDecision::Allow("OWN_PUPILS"), {}};
  for (const PupilAnswer& answer :
       facts_.pupils.Find(call.principal.institution_id, questions, facts_.office.VaultCallOf(call))) {
    if (answer.kind == PupilAnswer::Kind::kUnasked) {
      return core::Fail(core::Errc::kUnavailable, "the registry of pupil numbers cannot be asked; try again",
                        "VAULT_UNAVAILABLE");
    }
    response.add_pupil_ids(answer.pupil.person_id);
    if (!answer.pupil.person_id.empty()) audit.object_ids.push_back("person/" + answer.pupil.person_id);
  }
  TILTS_CHECK(facts_.office.database.Transact([&](postgres::UnitOfWork& unit) { return Audit(unit, call, audit); }));
  return response;
}

}  // namespace tilts::case_intake
