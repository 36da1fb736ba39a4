#include "case_intake/app/publish.hpp"

#include <tilts/cases/v1/events.pb.h>

#include "calendar/school_year.hpp"
#include "case_intake/app/contract.hpp"
#include "events/draft.hpp"
#include "wire/codes.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kSource[] = "/case-intake";
constexpr char kCaseEvent[] = "case-event";

// The id of the first event of a case names the chain: it is known without looking it up.
std::string EventId(const core::CaseId& id, std::uint64_t sequence) {
  return events::DerivedId(id.value(), kCaseEvent, static_cast<std::uint32_t>(sequence));
}

events::Meta MetaOf(const Case& after, std::uint64_t sequence, const Occasion& occasion) {
  events::Meta meta;
  meta.id = EventId(after.id, sequence);
  meta.source = kSource;
  meta.subject = after.id.value();
  meta.sequence = sequence;
  meta.purpose = PurposeOf(after.facts.stream);
  meta.occurred_at = occasion.at;
  meta.recorded_at = occasion.at;
  meta.causation_id = occasion.cause_id;
  meta.correlation_id = EventId(after.id, 1);
  meta.school_year = calendar::SchoolYearOf(occasion.at);
  meta.municipality = occasion.city_municipality;
  for (const std::string& code : {after.facts.place_municipality, after.facts.residence_municipality}) {
    if (!code.empty()) meta.municipality = code;
  }
  meta.traceparent = occasion.traceparent;
  return meta;
}

// Writes each kind of event as its contract.
struct Writer {
  const Case& after;
  const events::Meta& meta;

  core::Result<events::Draft> operator()(const CaseOpened& event) const {
    cases::v1::CaseOpened proto;
    proto.set_case_id(after.id.value());
    proto.set_report_id(event.report.value());
    proto.set_reporter_institution_id(event.reporter.value());
    *proto.mutable_facts() = ToProto(event.facts);
    proto.set_subject_person_id(event.subject.value());
    proto.set_previous_case_id(event.previous_case.value());
    return events::MakeDraft(proto, meta);
  }
  core::Result<events::Draft> operator()(const ReportAttached& event) const {
    cases::v1::ReportAttached proto;
    proto.set_case_id(after.id.value());
    proto.set_report_id(event.report.value());
    proto.set_reporter_institution_id(event.reporter.value());
    *proto.mutable_facts() = ToProto(event.facts);
    return events::MakeDraft(proto, meta);
  }
  core::Result<events::Draft> operator()(const CaseFactsChanged& event) const {
    cases::v1::CaseFactsChanged proto;
    proto.set_case_id(after.id.value());
    *proto.mutable_facts() = ToProto(event.facts);
    proto.set_subject_person_id(event.subject.value());
    return events::MakeDraft(proto, meta);
  }
  core::Result<events::Draft> operator()(const CaseStateChanged& event) const {
    cases::v1::CaseStateChanged proto;
    proto.set_case_id(after.id.value());
    proto.set_state(wire::Code<codes::v1::CaseState>(event.state));
    proto.set_outcome(wire::Code<codes::v1::CaseOutcome>(event.outcome));
    proto.set_merged_into_case_id(event.merged_into.value());
    return events::MakeDraft(proto, meta);
  }
  core::Result<events::Draft> operator()(const ReportOutcome& event) const {
    cases::v1::ReportOutcome proto;
    proto.set_case_id(after.id.value());
    proto.set_report_id(event.report.value());
    proto.set_reporter_institution_id(event.reporter.value());
    proto.set_outcome(wire::Code<codes::v1::CaseOutcome>(event.outcome));
    return events::MakeDraft(proto, meta);
  }
};

}  // namespace

core::Result<std::vector<events::Draft>> DraftsOf(const Decision& decision, const Occasion& occasion) {
  std::vector<events::Draft> drafts;
  for (const CaseEvent& event : decision.events) {
    const events::Meta meta = MetaOf(decision.after, event.sequence, occasion);
    TILTS_ASSIGN(events::Draft draft, std::visit(Writer{decision.after, meta}, event.body));
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

std::string AuditChain(Stream stream) {
  return std::string(kServiceName) + (stream == Stream::kPmp ? ".pmp" : ".protection");
}

}  // namespace tilts::case_intake
