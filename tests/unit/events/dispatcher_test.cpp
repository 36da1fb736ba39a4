#include "events/dispatcher.hpp"

#include <gtest/gtest.h>

#include "sample_event.hpp"

namespace tilts::events {
namespace {

struct Notes {
  std::vector<std::string> lines;
};

v1::Envelope EnvelopeOf(const google::protobuf::Message& event) {
  return *Decode(MakeDraft(event, SampleMeta())->value);
}

TEST(DispatcherTest, CallsTheHandlerOfTheEventType) {
  Dispatcher<Notes> dispatcher;
  dispatcher.On<cases::v1::CaseOpened>(
      [](Notes& notes, const v1::Envelope& envelope, const cases::v1::CaseOpened& event) -> core::Status {
        notes.lines.push_back(envelope.id() + "/" + event.case_id());
        return {};
      });
  Notes notes;
  ASSERT_TRUE(dispatcher.Dispatch(notes, EnvelopeOf(SampleEvent())).has_value());
  EXPECT_EQ(notes.lines, std::vector<std::string>{"event-1/case-1"});
}

TEST(DispatcherTest, TypesOfOthersAreNobodysBusinessHere) {
  Dispatcher<Notes> dispatcher;
  Notes notes;
  EXPECT_TRUE(dispatcher.Dispatch(notes, EnvelopeOf(SampleEvent())).has_value());
  EXPECT_FALSE(dispatcher.Handles("tilts.cases.v1.CaseOpened"));
}

TEST(DispatcherTest, ReturnsTheHandlersError) {
  Dispatcher<Notes> dispatcher;
  dispatcher.On<cases::v1::CaseOpened>([](Notes&, const v1::Envelope&, const cases::v1::CaseOpened&) -> core::Status {
    return core::Fail(core::Errc::kRefused, "no", "NO");
  });
  Notes notes;
  EXPECT_EQ(dispatcher.Dispatch(notes, EnvelopeOf(SampleEvent())).error().reason, "NO");
}

}  // namespace
}  // namespace tilts::events
