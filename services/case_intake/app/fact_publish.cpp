#include "case_intake/app/fact_publish.hpp"

#include <tilts/facts/v1/events.pb.h>

#include "crypto/encoding.hpp"
#include "events/draft.hpp"
#include "wire/codes.hpp"

namespace tilts::case_intake {
namespace {

constexpr char kSource[] = "/case-intake";
constexpr char kRule[] = "fact";

core::Status SetStamp(facts::v1::Stamp& stamp, const std::string& record_id, std::uint32_t revision, bool withdrawn,
                      const std::string& institution_id) {
  TILTS_ASSIGN(*stamp.mutable_record_id(), crypto::FromHex(record_id));
  stamp.set_revision(revision);
  stamp.set_withdrawn(withdrawn);
  stamp.set_institution_id(institution_id);
  return {};
}

events::Meta MetaOf(const std::string& record_id, std::uint32_t revision, Day day, const std::string& subject,
                    const FactOrigin& origin) {
  events::Meta meta;
  meta.id = events::DerivedId(record_id, kRule, revision);
  meta.source = kSource;
  meta.subject = subject;
  meta.purpose = codes::v1::PURPOSE_PMP;
  meta.occurred_at = calendar::StartOfDay(DateOf(day));
  meta.recorded_at = origin.at;
  meta.causation_id = origin.cause_id;
  meta.school_year = SchoolYearOn(day);
  meta.municipality = origin.municipality;
  meta.traceparent = origin.traceparent;
  return meta;
}

// What links an event to others of the same call goes.
events::Meta Unlinked(events::Meta meta) {
  meta.causation_id.clear();
  meta.traceparent.clear();
  meta.recorded_at = calendar::StartOfDay(calendar::RigaDate(meta.recorded_at));
  return meta;
}

// Writes each kind as its contract. Of a withdrawn fact only the key fields are told.
struct Writer {
  const Fact& fact;
  const std::string& record_id;
  const KnownPupil& pupil;
  const FactOrigin& origin;

  template <typename Event>
  core::Result<events::Draft> Learning(Event& event) const {
    event.set_pupil_id(pupil.person_id);
    event.set_day(DayOf(fact));
    TILTS_CHECK(SetStamp(*event.mutable_stamp(), record_id, fact.revision, fact.withdrawn, origin.institution_id));
    return events::MakeDraft(event, MetaOf(record_id, fact.revision, DayOf(fact), pupil.person_id, origin));
  }
  template <typename Event>
  core::Result<events::Draft> Support(Event& event) const {
    event.set_statistics_id(pupil.statistics_id);
    event.set_day(DayOf(fact));
    if (!fact.withdrawn) {
      event.set_stage(wire::Code<codes::v1::EducationStage>(pupil.stage));
      event.set_grade(pupil.grade);
    }
    TILTS_CHECK(SetStamp(*event.mutable_stamp(), record_id, fact.revision, fact.withdrawn, origin.institution_id));
    return events::MakeDraft(event,
                             Unlinked(MetaOf(record_id, fact.revision, DayOf(fact), pupil.statistics_id, origin)));
  }

  core::Result<events::Draft> operator()(const std::monostate&) const {
    return core::Fail(core::Errc::kInternal, "a fact without a kind was not refused", "FACT_KIND");
  }
  core::Result<events::Draft> operator()(const EnrolmentFact&) const {
    return core::Fail(core::Errc::kInternal, "an enrolment is published from its table", "FACT_KIND");
  }
  core::Result<events::Draft> operator()(const AttendanceFact& body) const {
    facts::v1::AttendanceRecorded event;
    if (!fact.withdrawn) {
      event.set_lessons_offered(body.lessons_offered);
      event.set_late(body.late);
      event.set_absent_unknown(body.absent_unknown);
      event.set_absent_excused(body.absent_excused);
      event.set_absent_unexcused(body.absent_unexcused);
    }
    return Learning(event);
  }
  core::Result<events::Draft> operator()(const ResultFact& body) const {
    facts::v1::ResultRecorded event;
    event.set_period(body.period);
    event.set_subject_code(body.subject_code);
    if (!fact.withdrawn) event.set_mark(body.mark);
    return Learning(event);
  }
  core::Result<events::Draft> operator()(const RepetitionFact& body) const {
    facts::v1::RepetitionRecorded event;
    if (!fact.withdrawn) event.set_grade(body.grade);
    return Learning(event);
  }
  core::Result<events::Draft> operator()(const BehaviourFact& body) const {
    facts::v1::BehaviourRecorded event;
    if (!fact.withdrawn) event.set_kind(wire::Code<codes::v1::BehaviourKind>(body.kind));
    return Learning(event);
  }
  core::Result<events::Draft> operator()(const ConsultationFact& body) const {
    facts::v1::ConsultationRecorded event;
    if (!fact.withdrawn) {
      event.set_specialist(wire::Code<codes::v1::Specialist>(body.specialist));
      for (const ConsultationReason reason : body.reasons) {
        event.add_reasons(wire::Code<codes::v1::ConsultationReason>(reason));
      }
      event.set_mode(wire::Code<codes::v1::ConsultationMode>(body.mode));
      event.set_place(wire::Code<codes::v1::Place>(body.place));
    }
    return Support(event);
  }
  core::Result<events::Draft> operator()(const MeasureFact& body) const {
    facts::v1::SupportMeasureRecorded event;
    if (!fact.withdrawn) event.set_kind(wire::Code<codes::v1::SupportMeasureKind>(body.kind));
    return Support(event);
  }
};

}  // namespace

core::Result<events::Draft> DraftOf(const Fact& fact, const std::string& record_id, const KnownPupil& pupil,
                                    const FactOrigin& origin) {
  return std::visit(Writer{fact, record_id, pupil, origin}, fact.body);
}

core::Result<events::Draft> DraftOf(const Enrolment& enrolment, const FactOrigin& origin) {
  facts::v1::EnrolmentRecorded event;
  event.set_pupil_id(enrolment.person_id);
  TILTS_CHECK(SetStamp(*event.mutable_stamp(), enrolment.record_id, enrolment.revision, enrolment.withdrawn,
                       origin.institution_id));
  event.set_from_day(enrolment.from);
  if (!enrolment.withdrawn) {
    event.set_to_day(enrolment.to);
    event.set_end_reason(wire::Code<codes::v1::EnrolmentEndReason>(enrolment.end_reason));
    event.set_stage(wire::Code<codes::v1::EducationStage>(enrolment.stage));
    event.set_grade(enrolment.grade);
  }
  return events::MakeDraft(
      event, MetaOf(enrolment.record_id, enrolment.revision, enrolment.from, enrolment.person_id, origin));
}

}  // namespace tilts::case_intake
