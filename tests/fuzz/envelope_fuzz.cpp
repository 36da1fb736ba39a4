// A record's value, read in place and by the contract's class; and its fields against Protobuf's own walk.
#include <google/protobuf/unknown_field_set.h>
#include <tilts/events/v1/envelope.pb.h>

#include "events/envelope_codec.hpp"
#include "events/envelope_view.hpp"
#include "require.hpp"
#include "wire/field_reader.hpp"

namespace tilts::events {
namespace {

using fuzz::Require;

void RequireSameEnvelope(std::string_view value) {
  const std::optional<EnvelopeView> view = ViewEnvelope(value);
  const core::Result<v1::Envelope> decoded = Decode(value);
  if (!decoded) {
    fuzz::RequireTold(decoded.error());
    Require(!view || decoded.error().reason == "EVENT_TYPE_UNKNOWN", "what Decode refuses is not read in place");
  }
  if (!view) return;
  v1::Envelope envelope;
  Require(envelope.ParseFromArray(value.data(), static_cast<int>(value.size())),
          "what is read in place is an envelope");
  Require(view->type == envelope.type() && view->data == envelope.data(), "read the same");
}

// Whatever FieldReader does not call odd, Protobuf reads too, to the same fields and values.
void RequireSameFields(std::string_view value) {
  google::protobuf::UnknownFieldSet fields;
  const bool whole = fields.ParseFromArray(value.data(), static_cast<int>(value.size()));
  wire::FieldReader reader(value);
  int seen = 0;
  while (const unsigned number = reader.Next()) {
    wire::FieldReader as_number = reader;
    const std::uint32_t read_number = as_number.Number();
    const bool is_number = !as_number.odd();
    const std::string_view read_bytes = is_number ? std::string_view() : reader.Bytes();
    if (is_number) reader = as_number;
    if (reader.odd()) return;
    ++seen;
    if (!whole) continue;
    Require(seen <= fields.field_count(), "a field is one of the peer's");
    const google::protobuf::UnknownField& peer = fields.field(seen - 1);
    Require(static_cast<int>(number) == peer.number(), "a field has the same number");
    Require(is_number == (peer.type() == google::protobuf::UnknownField::TYPE_VARINT), "and the same kind");
    Require(is_number ? read_number == peer.varint() : read_bytes == peer.length_delimited(), "and the same value");
  }
  if (!reader.odd()) Require(whole && seen == fields.field_count(), "all fields were seen");
}

}  // namespace
}  // namespace tilts::events

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view value = tilts::fuzz::Input(data, size);
  tilts::events::RequireSameEnvelope(value);
  tilts::events::RequireSameFields(value);
  return 0;
}
