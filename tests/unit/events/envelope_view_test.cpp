#include "events/envelope_view.hpp"

#include <gtest/gtest.h>
#include <tilts/events/v1/envelope.pb.h>

#include "events/envelope_codec.hpp"
#include "sample_event.hpp"

namespace tilts::events {
namespace {

v1::Envelope GoodEnvelope() {
  return *Decode(MakeDraft(SampleEvent(), SampleMeta())->value);
}

// A view is given only of what Decode accepts, and says the same.
void ExpectAgreement(const std::string& value) {
  const auto view = ViewEnvelope(value);
  if (!view) return;
  const auto decoded = Decode(value);
  if (!decoded) {
    EXPECT_EQ(decoded.error().reason, "EVENT_TYPE_UNKNOWN");
    return;
  }
  EXPECT_EQ(view->type, decoded->type());
  EXPECT_EQ(view->data, decoded->data());
}

TEST(EnvelopeViewTest, ShowsWhatOurOwnEnvelopesHold) {
  const v1::Envelope envelope = GoodEnvelope();
  const std::string value = envelope.SerializeAsString();
  const auto view = ViewEnvelope(value);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->type, envelope.type());
  EXPECT_EQ(view->data, envelope.data());
}

TEST(EnvelopeViewTest, LeavesToDecodeWhatLacksAnIdOrASubject) {
  v1::Envelope envelope = GoodEnvelope();
  envelope.clear_id();
  EXPECT_FALSE(ViewEnvelope(envelope.SerializeAsString()));
  envelope = GoodEnvelope();
  envelope.clear_subject();
  EXPECT_FALSE(ViewEnvelope(envelope.SerializeAsString()));
  EXPECT_FALSE(ViewEnvelope(""));
}

TEST(EnvelopeViewTest, LeavesToDecodeWhatIsSaidTwiceOrNotInOrder) {
  const std::string value = GoodEnvelope().SerializeAsString();
  EXPECT_FALSE(ViewEnvelope(value + value));
  v1::Envelope only_id;
  only_id.set_id("another");
  EXPECT_FALSE(ViewEnvelope(value + only_id.SerializeAsString()));
}

TEST(EnvelopeViewTest, AgreesWithDecodeWhateverByteIsBroken) {
  const std::string value = GoodEnvelope().SerializeAsString();
  for (std::size_t at = 0; at < value.size(); ++at) {
    ExpectAgreement(value.substr(0, at));
    for (const int flip : {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF}) {
      std::string broken = value;
      broken[at] = static_cast<char>(broken[at] ^ flip);
      ExpectAgreement(broken);
    }
  }
}

}  // namespace
}  // namespace tilts::events
