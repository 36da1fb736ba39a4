#include "events/envelope_view.hpp"

#include <tilts/events/v1/envelope.pb.h>

#include "events/record.hpp"
#include "wire/field_reader.hpp"

namespace tilts::events {

std::optional<EnvelopeView> ViewEnvelope(std::string_view value) {
  using v1::Envelope;
  if (value.size() > kMaxRecordBytes) return std::nullopt;
  EnvelopeView view;
  std::string_view id;
  std::string_view subject;
  wire::FieldReader fields(value);
  while (const unsigned field = fields.Next()) {
    switch (field) {
      case Envelope::kIdFieldNumber: id = fields.Text(); break;
      case Envelope::kTypeFieldNumber: view.type = fields.Text(); break;
      case Envelope::kSubjectFieldNumber: subject = fields.Text(); break;
      case Envelope::kSourceFieldNumber:
      case Envelope::kCausationIdFieldNumber:
      case Envelope::kCorrelationIdFieldNumber:
      case Envelope::kSchoolYearFieldNumber:
      case Envelope::kMunicipalityFieldNumber:
      case Envelope::kTraceparentFieldNumber: fields.Text(); break;
      case Envelope::kOccurredAtFieldNumber:
      case Envelope::kRecordedAtFieldNumber: fields.SkipTimestamp(); break;
      case Envelope::kSequenceFieldNumber:
      case Envelope::kDataSchemaFieldNumber:
      case Envelope::kPurposeFieldNumber: fields.SkipNumber(); break;
      case Envelope::kDataFieldNumber: view.data = fields.Bytes(); break;
      default: fields.Odd();
    }
  }
  if (fields.odd() || id.empty() || subject.empty()) return std::nullopt;
  return view;
}

}  // namespace tilts::events
