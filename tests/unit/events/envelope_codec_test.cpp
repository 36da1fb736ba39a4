#include "events/envelope_codec.hpp"

#include <gtest/gtest.h>
#include <tilts/events/v1/envelope.pb.h>

#include "sample_event.hpp"

namespace tilts::events {
namespace {

std::string ReasonFor(const v1::Envelope& envelope) {
  const auto decoded = Decode(envelope.SerializeAsString());
  return decoded ? "" : decoded.error().reason;
}

v1::Envelope GoodEnvelope() {
  return *Decode(MakeDraft(SampleEvent(), SampleMeta())->value);
}

TEST(EnvelopeCodecTest, RefusesAnEmptyValueInsteadOfADefaultEvent) {
  const auto decoded = Decode("");
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().code, core::Errc::kCorrupt);
  EXPECT_EQ(decoded.error().reason, "ENVELOPE_EMPTY");
}

TEST(EnvelopeCodecTest, RefusesBytesThatAreNoEnvelope) {
  EXPECT_EQ(Decode("\x01\x02\x03not protobuf").error().reason, "ENVELOPE_UNREADABLE");
}

TEST(EnvelopeCodecTest, NamesWhatIsMissing) {
  v1::Envelope envelope = GoodEnvelope();
  EXPECT_EQ(ReasonFor(envelope), "");
  envelope.clear_id();
  EXPECT_EQ(ReasonFor(envelope), "ENVELOPE_ID_MISSING");
  envelope = GoodEnvelope();
  envelope.clear_subject();
  EXPECT_EQ(ReasonFor(envelope), "ENVELOPE_SUBJECT_MISSING");
}

TEST(EnvelopeCodecTest, AnUnknownTypeIsInvalidAndNotCorrupt) {
  v1::Envelope envelope = GoodEnvelope();
  envelope.set_type("tilts.cases.v9.CaseImagined");
  const auto decoded = Decode(envelope.SerializeAsString());
  ASSERT_FALSE(decoded.has_value());
  EXPECT_EQ(decoded.error().code, core::Errc::kInvalid);
  EXPECT_EQ(decoded.error().reason, "EVENT_TYPE_UNKNOWN");
}

TEST(EnvelopeCodecTest, DecodesTheEventByItsType) {
  const auto event = DecodeEvent(GoodEnvelope());
  ASSERT_TRUE(event.has_value());
  EXPECT_EQ((*event)->GetTypeName(), "tilts.cases.v1.CaseOpened");
  cases::v1::ReportAttached other;
  EXPECT_EQ(DecodeEventInto(GoodEnvelope(), other).error().code, core::Errc::kInternal);
}

TEST(EnvelopeCodecTest, BrokenEventBytesAreCorrupt) {
  v1::Envelope envelope = GoodEnvelope();
  envelope.set_data("\x0a\xff\xff");
  EXPECT_EQ(DecodeEvent(envelope).error().reason, "EVENT_UNREADABLE");
}

TEST(EnvelopeCodecTest, FactTopicsCarryNoHeaders) {
  const Catalogue& catalogue = Catalogue::BuiltIn();
  EXPECT_TRUE(CloudEventHeaders(GoodEnvelope(), *catalogue.FindTopic("tilts.learning.v1")).empty());
  EXPECT_TRUE(CloudEventHeaders(GoodEnvelope(), *catalogue.FindTopic("tilts.support.v1")).empty());
  EXPECT_FALSE(CloudEventHeaders(GoodEnvelope(), *catalogue.FindTopic("tilts.risk.v1")).empty());
}

}  // namespace
}  // namespace tilts::events
