// A record with attendance, read in place and by the contract's classes. The input is a record's value, or the event
// alone, which the target puts into an envelope.
#include <tilts/events/v1/envelope.pb.h>
#include <tilts/facts/v1/events.pb.h>

#include "events/envelope_codec.hpp"
#include "require.hpp"
#include "risk_scoring/app/attendance_reading.hpp"
#include "risk_scoring/app/contract.hpp"

namespace tilts::risk_scoring {
namespace {

using fuzz::Require;

void RequireSame(std::string_view value) {
  const std::optional<AttendanceRead> read = ReadAttendance(value);
  if (!read) return;
  const core::Result<events::v1::Envelope> envelope = events::Decode(value);
  Require(envelope.has_value(), "what is read in place is an envelope");
  facts::v1::AttendanceRecorded event;
  Require(events::DecodeEventInto(*envelope, event).has_value(), "with attendance in it");
  const core::Result<Fact> fact = FactOf(event);
  Require(fact.has_value() && *fact == read->fact, "which says the same fact");
  Require(event.pupil_id() == read->pupil_id, "of the same pupil");
}

// The other way round: what this house writes is read in place, or the fast path would silently be none.
void RequireOwnReadInPlace(const facts::v1::AttendanceRecorded& event) {
  const core::Result<Fact> fact = FactOf(event);
  if (!fact) return;
  const auto ascii = [](const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  };
  if (!ascii(event.pupil_id()) || !ascii(event.stamp().institution_id())) return;
  facts::v1::AttendanceRecorded known = event;
  known.DiscardUnknownFields();
  events::v1::Envelope envelope;
  envelope.set_id("event-1");
  envelope.set_type("tilts.facts.v1.AttendanceRecorded");
  envelope.set_subject("pupil-1");
  envelope.set_data(known.SerializeAsString());
  const std::string value = envelope.SerializeAsString();
  RequireSame(value);
  const std::optional<AttendanceRead> read = ReadAttendance(value);
  // A withdrawn fact says its key only, so the rest of it may be out of the ranges that are read in place.
  Require(read.has_value() || fact->withdrawn, "what this house writes is read in place");
}

}  // namespace
}  // namespace tilts::risk_scoring

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tilts;
  const std::string_view value = fuzz::Input(data, size);
  risk_scoring::RequireSame(value);
  events::v1::Envelope envelope;
  envelope.set_id("event-1");
  envelope.set_type("tilts.facts.v1.AttendanceRecorded");
  envelope.set_subject("pupil-1");
  envelope.set_data(std::string(value));
  risk_scoring::RequireSame(envelope.SerializeAsString());
  facts::v1::AttendanceRecorded event;
  if (event.ParseFromArray(data, static_cast<int>(size))) risk_scoring::RequireOwnReadInPlace(event);
  return 0;
}
